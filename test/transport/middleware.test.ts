import { describe, expect, it } from 'vitest';
import { compose, type Middleware } from '../../src/transport/middleware.js';
import { callFacts, request } from '../helpers/call-facts.js';

describe('compose', () => {
  it('runs the middleware outermost first, and back in reverse', async () => {
    const steps: string[] = [];
    const middleware =
      (name: string): Middleware =>
      (next) =>
      async (sent, call) => {
        steps.push(`${name} in`);
        const response = await next(sent, call);
        steps.push(`${name} out`);
        return response;
      };
    const answer = new Response();
    const send = compose([middleware('outer'), middleware('middle'), middleware('inner')], async () => {
      steps.push('send');
      return answer;
    });
    expect(await send(request(), callFacts())).toBe(answer);
    expect(steps).toEqual([
      'outer in',
      'middle in',
      'inner in',
      'send',
      'inner out',
      'middle out',
      'outer out',
    ]);
  });

  it('hands on the request and the facts that each middleware gives', async () => {
    const renumber: Middleware = (next) => (_, call) =>
      next(request({ method: 'PUT' }), { ...call, attempt: 7 });
    const send = compose([renumber], async ({ method }, { attempt }) => new Response(`${method} ${attempt}`));
    expect(await (await send(request(), callFacts())).text()).toBe('PUT 7');
  });

  it('of no middleware is the sender itself', () => {
    const send = async () => new Response();
    expect(compose([], send)).toBe(send);
  });

  it('builds each middleware once, whatever the number of calls', async () => {
    let built = 0;
    const send = compose(
      [
        (next) => {
          built++;
          return next;
        },
      ],
      async () => new Response(),
    );
    await send(request(), callFacts());
    await send(request(), callFacts());
    expect(built).toBe(1);
  });
});
