import { freshToken } from '../../token';

export const runtime = 'edge';
export const dynamic = 'force-dynamic';

export default async function Page() {
  return <p>{await freshToken()}</p>;
}
