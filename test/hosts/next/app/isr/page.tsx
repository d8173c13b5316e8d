// Incremental static regeneration: the page is kept for an hour.
import { freshToken } from '../../token';

export const revalidate = 3600;

export default async function Page() {
  return <p>{await freshToken()}</p>;
}
