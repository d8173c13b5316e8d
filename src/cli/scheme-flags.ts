import type { ClientOptions } from '../client/options.js';
import type { SchemeCredentials } from '../client/scheme-credentials.js';
import { operations } from '../generated/index.js';
import type { KnownScheme } from '../openapi/security-schemes.js';
import { type CliContext, UsageError } from './io.js';
import { readText } from './terminal/input.js';

/**
 * Reads `--credential`: how a credential is sent, and where it is, e.g. `header:X-Key=env:KEY` or `basic:ada=@password.txt`.
 *
 * @returns Options of a client that sends them with every request, and no bearer.
 * @throws {UsageError} For a form that does not exist, and for a secret on the command line.
 */
export async function readCredentials(texts: readonly string[], io: CliContext): Promise<ClientOptions> {
  const securitySchemes: Record<string, KnownScheme> = {};
  const credentials: Record<string, SchemeCredentials[string]> = {};
  for (const text of texts) {
    const [, kind = '', name = '', source = ''] =
      /^(header|query|cookie|basic):([^=]+)=((?:@|env:).+)$/.exec(text) ?? [];
    if (kind === '')
      throw new UsageError(
        '--credential must be header:NAME=, query:NAME=, cookie:NAME= or basic:USER= with @file, @- or env:NAME behind it, ' +
          'which no list of processes shows',
      );
    const secret = (await readText('--credential', source, io)).trimEnd();
    const id = `${kind}:${name}`;
    securitySchemes[id] =
      kind === 'header' || kind === 'query' || kind === 'cookie'
        ? { kind: 'apiKey', in: kind, name }
        : { kind: 'basic' };
    credentials[id] = kind === 'basic' ? { username: name, password: secret } : secret;
  }
  // Operations of a table say themselves what they take, and those of Vercel take a bearer.
  return {
    bearerToken: undefined,
    credentials,
    operations: { ...operations, operations: {}, securitySchemes },
  };
}
