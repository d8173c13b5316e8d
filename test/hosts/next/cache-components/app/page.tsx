// Under cacheComponents the prerender stops at the request, which then hangs until Next rejects it with a digest.
import { Suspense } from 'react';
import { freshToken } from '../token';

async function Token() {
  return <p>{await freshToken()}</p>;
}

export default function Page() {
  return (
    <Suspense fallback={<p>loading</p>}>
      <Token />
    </Suspense>
  );
}
