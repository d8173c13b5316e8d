import { freshToken } from '../../token';

export const dynamic = 'force-dynamic';
export const fetchCache = 'force-cache';

export default async function Page() {
  return <p>{await freshToken()}</p>;
}
