import { useLoaderData } from 'react-router';
import { readConnectors } from '../../clients';

export const loader = readConnectors;

export default function Home() {
  return <p>{useLoaderData<typeof loader>()[0]?.name}</p>;
}
