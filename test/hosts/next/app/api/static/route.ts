// Next 14 runs a GET handler at build time, and serves its answer from then on, unless something in it is dynamic.
import { freshToken } from '../../../token';

export async function GET(): Promise<Response> {
  return Response.json({ token: await freshToken() });
}
