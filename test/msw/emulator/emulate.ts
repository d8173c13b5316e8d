import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { contract } from '../../../src/generated/contract.js';
import { type ConnectEmulator, createConnectEmulator, type EmulatorOptions } from '../../../src/msw/index.js';
import { type Answer, type Asked, ask } from '../ask.js';

/** A token answer, as far as the tests look at it. */
export interface Token {
  readonly token: string;
  readonly tokenId: string;
  readonly expiresAt: number;
}

/** An emulator whose clock stands still until it is moved, and short ways to call it. */
export function emulate(options: EmulatorOptions = {}) {
  const clock = { now: 1_800_000_000_000 };
  const emulator = createConnectEmulator({ now: () => clock.now, ...options });
  const send = async (method: string, path: string, asked?: Asked): Promise<Answer> => {
    const answer = await ask(emulator.handlers, method, path, asked);
    expectDocumented(emulator, answer);
    return answer;
  };
  const token = (connector: string, body: object = {}, asked: Asked = {}) =>
    send('POST', `/v1/connect/token/${encodeURIComponent(connector)}`, { ...asked, body });
  return {
    emulator,
    clock,
    send,
    token,
    /** The token that must be given. */
    async issued(connector: string, body?: object, asked?: Asked): Promise<Token> {
      const answer = await token(connector, body, asked);
      expect(answer).toMatchObject({ status: 200, body: { token: expect.any(String) } });
      // Checked against the document in `send`.
      return answer.body as Token;
    },
  };
}

const validators = new Map<string, ValidateFunction>();

/** Whatever the emulator answers is what the document says that it may. */
function expectDocumented({ requests }: ConnectEmulator, { status, body }: Answer): void {
  const documented = contract.operations[requests.at(-1)?.operationId ?? '']?.responses[status];
  if (documented?.body === undefined) return;
  const key = JSON.stringify(documented.body.schema);
  const validate =
    validators.get(key) ??
    new Ajv2020({ strict: false, logger: false }).compile({
      allOf: [documented.body.schema],
      components: { schemas: contract.schemas },
    });
  validators.set(key, validate);
  expect(validate(body) || validate.errors).toBe(true);
}
