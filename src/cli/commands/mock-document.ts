import { once } from 'node:events';
import { unwatchFile, watchFile } from 'node:fs';
import { isPublished } from '../../codegen/corrections/corrections.js';
import { readPackaged } from '../../codegen/corrections/packaged.js';
import { mergeSupplement } from '../../codegen/generate/merge-supplement.js';
import type { RecordedRequest } from '../../msw/emulator/types.js';
import { servedUrl } from '../../msw/handlers/match-path.js';
import { openDocument } from '../../msw/handlers/open-document.js';
// Not by the subpath's own index: that loads msw, which takes as long as all the rest.
import { MockCore } from '../../msw/mock/mock-core.js';
import type { Fault } from '../../msw/mock/types.js';
import { serveRequests } from '../../msw/server/http-server.js';
import type { ValidationError } from '../../msw/validate/validation-error.js';
import type { Contract } from '../../openapi/contract-types.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { parseDocument, readDocument } from '../../openapi/read-document.js';
import { messageOf } from '../../util/message-of.js';
import { terminalText } from '../../util/terminal-text.js';
import { type CliContext, UsageError } from '../io.js';
import { type MockFlags, readChecks, readMemory, readReading, readSeed } from './mock-flags.js';

/** The time between two looks at the document, in milliseconds. */
const WATCH_MS = 250;

/**
 * Serves a mock of a document: its URL, then a line a request. With `--watch` a changed document is taken up; one that cannot
 * be read leaves the last one in place.
 *
 * @param file - Default: this package's own document of the platform commands.
 * @throws {UsageError} For a fault that cannot be read.
 * @throws {Error} For a document that cannot be read.
 */
export async function serveDocument(
  file: string | undefined,
  flags: MockFlags,
  io: CliContext,
): Promise<void> {
  const memory = readMemory(flags);
  const faults = (flags.fault ?? []).map(readFault);
  const { baseUrl, oneOf, nullable } = readReading(flags);
  const log = new LineLog(io);
  let basePath = '';
  const load = async (): Promise<MockCore> => {
    const document = readMockDocument(file, flags.supplement);
    const onResponse = (request: RecordedRequest, validationError: ValidationError | undefined) =>
      log.add(lineOf(request, validationError, io.colors === true));
    const opened = openDocument(document, { nullable });
    const settings = {
      seed: readSeed(flags.seed),
      faults,
      memory,
      onResponse,
      oneOf,
      validate: readChecks(flags),
    };
    const base = new URL(baseUrl ?? servedUrl(opened.contract));
    basePath = basePathOf(base, opened.contract);
    return new MockCore({ ...settings, baseUrl: base.origin }, opened);
  };
  let mock = await load();
  const reload = () =>
    load().then(
      (next) => {
        mock = next;
        io.stderr(`${file} has changed: ${next.size} operations\n`);
      },
      (error: unknown) => io.stderr(`${terminalText(messageOf(error))}; the last document stays\n`),
    );
  // Before the URL is printed, so that no change after it is missed.
  if (flags.watch && file !== undefined) watchFile(file, { interval: WATCH_MS, persistent: false }, reload);
  const server = await serveRequests((request) => mock.answer(withoutBase(request, basePath)), {
    port: Number(flags.port),
    baseUrl: mock.baseUrl,
    origins: flags.cors,
  });
  io.stdout(`${server.url}\n`);
  io.stderr(
    `${terminalText(mock.title)}: ${mock.size} operations from ${file ?? 'this package'}. Stop with Ctrl-C.\n`,
  );
  if (!io.signal.aborted) await once(io.signal, 'abort');
  if (flags.watch && file !== undefined) unwatchFile(file, reload);
  await server.close();
  log.write();
  io.stderr(mock.coverage().toText());
}

/**
 * Returns the path of the API's own base URL, which callers may keep or leave out where they put this server in its place; empty
 * for an API with paths of its own that begin so.
 */
function basePathOf({ pathname }: URL, { operations }: Contract): string {
  const base = pathname.replace(/\/+$/, '');
  const isPartOfPaths = Object.values(operations).some(({ path }) => `${path}/`.startsWith(`${base}/`));
  return isPartOfPaths ? '' : base;
}

function withoutBase(request: Request, basePath: string): Request {
  const url = new URL(request.url);
  if (basePath === '' || !url.pathname.startsWith(`${basePath}/`)) return request;
  url.pathname = url.pathname.slice(basePath.length);
  return new Request(url, request);
}

/** The document that is mocked: Vercel's own with that of Vercel Connect laid over it, as `generate` does. */
function readMockDocument(file: string | undefined, supplement: boolean): OpenApiDocument {
  if (file === undefined) return parseDocument(readPackaged('platform')).openapi;
  const { openapi } = readDocument(file);
  if (!supplement || !isPublished(openapi)) return openapi;
  return mergeSupplement(openapi, parseDocument(readPackaged('connect')).openapi).document;
}

/** Writes the lines of answers after the answers, so that a caller does not wait for them. */
class LineLog {
  readonly #lines: string[] = [];

  constructor(readonly io: CliContext) {}

  add(line: string): void {
    if (this.#lines.push(`${line}\n`) === 1) setImmediate(() => this.write());
  }

  write(): void {
    const lines = this.#lines.splice(0);
    if (lines.length > 0) this.io.stdout(lines.join(''));
  }
}

/** E.g. `503:10%`, `network:0.05`. */
function readFault(text: string): Fault {
  const [, name = '', amount = '', percent] = /^(network|[45]\d\d):(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const share = Number(amount) / (percent ? 100 : 1);
  if (name === '' || share > 1) {
    throw new UsageError(`--fault must be a status and a share, e.g. 503:10% or network:5%, got ${text}`);
  }
  return { status: name === 'network' ? name : Number(name), share };
}

const RED = '\u001b[31m';
const PLAIN = '\u001b[39m';

function lineOf(
  request: RecordedRequest,
  validationError: ValidationError | undefined,
  colors: boolean,
): string {
  const { method, path, operationId, status } = request;
  // 0 is a failure of the network, which has no status.
  const line = terminalText(`${status === 0 ? 'network error' : status} ${method} ${path}`);
  if (validationError === undefined) return `${line} ${terminalText(operationId ?? 'no operation')}`;
  // Its message begins with the operation, or for none with method and path, which stand here already.
  const said = `${validationError.method} ${validationError.path} `;
  const { message } = validationError;
  const told = `${line} ${terminalText(message.startsWith(said) ? message.slice(said.length) : message)}`;
  return colors ? RED + told + PLAIN : told;
}
