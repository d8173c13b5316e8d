import { once } from 'node:events';
import { unwatchFile, watchFile } from 'node:fs';
import { isPublished } from '../../codegen/corrections/corrections.js';
import { readPackaged } from '../../codegen/corrections/packaged.js';
import { mergeSupplement } from '../../codegen/generate/merge-supplement.js';
import { withoutTrailingSlashes } from '../../http/base-url.js';
import type { RecordedRequest } from '../../msw/emulator/types.js';
import { servedUrl } from '../../msw/handlers/match-path.js';
import { openDocument } from '../../msw/handlers/open-document.js';
// Not by the subpath's own index: that loads msw, which takes as long as all the rest.
import { MockCore } from '../../msw/mock/mock-core.js';
import type { MemoryOptions } from '../../msw/mock/platform/memory-options.js';
import { serveRequests } from '../../msw/server/http-server.js';
import type { Checks } from '../../msw/validate/checks.js';
import type { ValidationError } from '../../msw/validate/validation-error.js';
import type { Contract } from '../../openapi/contract-types.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { parseDocument, readDocument } from '../../openapi/read-document.js';
import { messageOf } from '../../util/message-of.js';
import { terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';
import type { MockFlags } from './mock.js';

/** The time between two looks at the document, in milliseconds. */
const WATCH_MS = 250;

const RED = '\u001b[31m';
const PLAIN = '\u001b[39m';

/**
 * Serves a mock of a document: its URL, then a line a request. With `--watch` a changed document is taken up; one that cannot
 * be read leaves the last one in place.
 *
 * @param file - Default: this package's own document of the platform commands.
 * @throws {Error} For a document that cannot be read.
 */
export async function serveDocument(
  file: string | undefined,
  flags: MockFlags,
  memory: MemoryOptions | undefined,
  io: CliContext,
): Promise<void> {
  const { seed, baseUrl, oneOf, nullable, fault: faults, skipCheck = [] } = flags;
  const validate: Checks = Object.fromEntries(skipCheck.map((name) => [name, false]));
  const lines: string[] = [];
  const writeLines = () => io.stdout(lines.splice(0).join(''));
  const onResponse = (request: RecordedRequest, validationError: ValidationError | undefined) => {
    const line = lineOf(request, validationError);
    const painted = io.colors === true && validationError !== undefined ? RED + line + PLAIN : line;
    // Lines are written after the answers, so that a caller does not wait for them.
    if (lines.push(`${painted}\n`) === 1) setImmediate(writeLines);
  };
  let basePath = '';
  const load = async (): Promise<MockCore> => {
    const opened = openDocument(readMockDocument(file, flags.supplement), { nullable });
    const settings = { seed, faults, memory, onResponse, oneOf, validate };
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
    port: flags.port,
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
  writeLines();
  io.stderr(mock.coverage().toText());
}

/**
 * Returns the path of the API's own base URL, which callers may keep or leave out where they put this server in its place; empty
 * for an API with paths of its own that begin so.
 */
function basePathOf({ pathname }: URL, { operations }: Contract): string {
  const base = withoutTrailingSlashes(pathname);
  const isPartOfPaths = Object.values(operations).some(({ path }) => `${path}/`.startsWith(`${base}/`));
  return isPartOfPaths ? '' : base;
}

function withoutBase(request: Request, basePath: string): Request {
  if (basePath === '') return request;
  const url = new URL(request.url);
  if (!url.pathname.startsWith(`${basePath}/`)) return request;
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

function lineOf(
  { method, path, operationId, status }: RecordedRequest,
  validationError: ValidationError | undefined,
): string {
  // 0 is a failure of the network, which has no status.
  const line = `${status === 0 ? 'network error' : status} ${method} ${path}`;
  if (validationError === undefined) return terminalText(`${line} ${operationId ?? 'no operation'}`);
  // Its message begins with the operation, or for none with method and path, which stand here already.
  const said = `${validationError.method} ${validationError.path} `;
  const { message } = validationError;
  return terminalText(`${line} ${message.startsWith(said) ? message.slice(said.length) : message}`);
}
