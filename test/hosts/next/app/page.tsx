// Prerendered unless something in it is dynamic: a request with `cache: 'no-store'` is.
import { freshToken } from '../token';

export default async function Page() {
  return <p>{await freshToken()}</p>;
}
