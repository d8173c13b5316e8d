// The stack of each error names the function of the program that made the call, on the build as it is packed.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { startServer } from '../helpers/loopback-server.js';

interface Thrown {
  readonly failure: string;
  readonly caller: string;
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
}

const EXPECTED: Readonly<Record<string, RegExp>> = {
  404: /^(NotFoundError|ConnectorNotFoundError)$/,
  500: /^(InternalServerError|ConnectError)$/,
  hang: /^APITimeoutError$/,
  reset: /^APIConnectionError$/,
  malformed: /^MalformedResponseError$/,
};

describe('the packed build', () => {
  it('names the caller in each stack', async () => {
    const server = await startServer((request, response) => {
      const failure = request.url?.split('/')[1];
      const isError = failure === '404' || failure === '500';
      response.setHeader('x-vercel-id', 'iad1::x');
      response.setHeader('content-type', 'application/json');
      request.resume();
      request.on('end', () => {
        if (failure === 'reset') response.destroy();
        else if (failure === 'malformed') response.end('{"cut": ');
        else if (isError)
          response.writeHead(Number(failure)).end('{"error":{"code":"not_found","message":"Nope"}}');
      });
    });
    const child = fileURLToPath(new URL('./stacks-child.mjs', import.meta.url));
    const folder = join(dirname(inject('program')), '..');
    const { stdout } = await promisify(execFile)(process.execPath, [child, folder, server.url]);
    const outcomes: Thrown[] = JSON.parse(stdout);
    // A revocation that succeeded has no body that matters.
    const thrown = outcomes.filter(({ name }) => name !== undefined);
    expect(thrown).toHaveLength(14 * 5 - 1);
    const wrong = thrown.filter(({ failure, name }) => !EXPECTED[failure]?.test(name ?? ''));
    expect(wrong.map(({ failure, caller, message }) => `${failure} ${caller} ${message}`)).toEqual([]);
    const lost = thrown.filter(({ stack, caller }) => !stack?.includes(caller));
    expect(lost.map(({ failure, caller, stack }) => `${failure} ${caller} ${stack}`)).toEqual([]);
  });
});
