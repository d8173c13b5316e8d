// Under cacheComponents the prerender stops at the request, which then hangs until Next rejects it with a digest.
import { Suspense } from 'react';
import { freshToken } from '../token';

async function Token() {
  try {
    return <p>{await freshToken()}</p>;
  } catch (error) {
    // What a program sees that logs its errors: Next's own error, with the digest that Next looks for.
    console.error(
      'caught',
      error instanceof Error ? error.name : error,
      Reflect.get(Object(error), 'digest'),
    );
    throw error;
  }
}

export default function Page() {
  return (
    <Suspense fallback={<p>loading</p>}>
      <Token />
    </Suspense>
  );
}
