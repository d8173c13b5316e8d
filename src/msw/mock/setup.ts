import { HttpResponse, http, passthrough } from 'msw';
import { InvalidArgumentError, VercelError } from '../../errors/index.js';
import type { operations } from '../../generated/index.js';
import { checkMockNames } from '../known-options.js';
import type { ForeignSource, OperationMap, UntypedOperations } from '../types.js';
import type { ValidationError } from '../validate/validation-error.js';
import type { CoverageThreshold } from './coverage.js';
import { DocumentMock } from './document-mock.js';
import type { UntypedMockOptions } from './mock-core.js';
import { MockError } from './mock-error.js';
import type { Mock, MockOptions } from './types.js';

/** ValidationErrors that an error lists before the rest is counted. */
const MAX_LISTED = 100;

type Hook = (run: () => void | Promise<void>) => unknown;

/** The hooks of a test runner: `import * as runner from 'vitest'`, or from `'node:test'`. */
export interface TestRunner {
  readonly beforeAll?: Hook;
  readonly before?: Hook;
  readonly afterEach: Hook;
  readonly afterAll?: Hook;
  readonly after?: Hook;
}

/** What is done with the coverage when the tests of a file are over. */
export interface CoverageOptions {
  /** The file's tests fail when less was touched. Default: nothing is asked for. */
  readonly threshold?: CoverageThreshold | undefined;
  /** Where the page that shows it all is written. Default: nowhere. */
  readonly html?: string | undefined;
  /** Given the summary. Default: it is not shown. */
  readonly print?: ((text: string) => void) | undefined;
}

/** What {@link setupMock} adds to the options of a mock. */
export interface SetupOptions {
  /** Whose hooks start, reset and close the mock. Without one, the three are called by hand. */
  readonly runner?: TestRunner | undefined;
  readonly coverage?: CoverageOptions | undefined;
  /** Origins that may be reached over the network, e.g. that of a server under test. Default: none. */
  readonly passthrough?: readonly string[] | undefined;
}

/** A mock that stands in front of this process's network. */
export interface RunningMock<Operations extends OperationMap = operations> extends Mock<Operations> {
  /** From now on requests of this process meet the mock; those to elsewhere fail, and count as validation errors. */
  start(): Promise<void>;
  /**
   * Ends a test: fails it if a request broke the document and it did not ask for that, and forgets what it planned.
   *
   * @throws {MockError} That lists the validation errors, unless {@link Mock.allowValidationErrors} was called.
   */
  reset(): void;
  /**
   * Gives the network back, and writes, prints and demands the coverage.
   *
   * @throws {MockError} When less was touched than `coverage.threshold` asks for.
   * @throws {VercelError} When the page cannot be written; `cause` is the system's error.
   */
  close(): Promise<void>;
}

/**
 * Sets up a mock for the tests of a file: started before them, reset after each, closed after them.
 *
 * Nothing leaves for the network while it runs. A request that breaks the document fails the test that sent it.
 *
 * @throws {InvalidArgumentError} For what `createMock` refuses, and for a runner without hooks.
 *
 * @example
 * import * as runner from 'vitest';
 * const mock = setupMock({ document: './openapi/vercel.json', runner });
 */
export function setupMock<Operations extends OperationMap = UntypedOperations>(
  options: MockOptions<NoInfer<Operations>> & SetupOptions & ForeignSource,
): RunningMock<Operations>;
export function setupMock<Operations extends OperationMap = operations>(
  options?: MockOptions<NoInfer<Operations>> & SetupOptions,
): RunningMock<Operations>;
export function setupMock(options: UntypedMockOptions & SetupOptions = {}): RunningMock<UntypedOperations> {
  checkMockNames(options, true);
  const mock = new TestMock(options);
  if (options.runner !== undefined) register(options.runner, mock);
  return mock;
}

class TestMock extends DocumentMock implements RunningMock<UntypedOperations> {
  readonly #strays: ValidationError[] = [];
  readonly #setup: SetupOptions;
  readonly #passthrough: ReadonlySet<string>;
  #stop: () => void = () => {};

  constructor(options: UntypedMockOptions & SetupOptions) {
    super(options);
    this.#setup = options;
    this.#passthrough = new Set((options.passthrough ?? []).map(originOf));
  }

  override get validationErrors(): readonly ValidationError[] {
    return [...super.validationErrors, ...this.#strays];
  }

  async start(): Promise<void> {
    const { setupServer } = await import('msw/node');
    const server = setupServer(...this.handlers, strayHandler(this.#passthrough, this.#strays));
    server.listen({ onUnhandledRequest: 'error' });
    this.#stop = () => server.close();
  }

  override reset(): void {
    // Taken before they are forgotten; what the getter gives is a copy.
    const found = this.validationErrorsAllowed ? [] : this.validationErrors;
    super.reset();
    this.#strays.length = 0;
    if (found.length > 0) throw new MockError('mock_validation', describe(found));
  }

  async close(): Promise<void> {
    this.#stop();
    // Closed already: some versions of msw throw when told twice.
    this.#stop = () => {};
    await settleCoverage(this, this.#setup.coverage ?? {});
  }
}

function register(runner: TestRunner, mock: RunningMock<UntypedOperations>): void {
  const [first, last] = [runner.beforeAll ?? runner.before, runner.afterAll ?? runner.after];
  if (first === undefined || last === undefined || typeof runner.afterEach !== 'function') {
    throw new InvalidArgumentError(
      'runner',
      "must have beforeAll (or before), afterEach and afterAll (or after): `import * as runner from 'vitest'`",
    );
  }
  first(() => mock.start());
  runner.afterEach(() => mock.reset());
  last(() => mock.close());
}

function originOf(url: string): string {
  if (URL.canParse(url)) return new URL(url).origin;
  throw new InvalidArgumentError('passthrough', 'must be a list of origins such as http://127.0.0.1:3000');
}

/** Takes every request that no other handler took, so that none reaches the network whatever msw's own settings. */
function strayHandler(origins: ReadonlySet<string>, strays: ValidationError[]) {
  return http.all('*', ({ request }) => {
    const { origin, pathname } = new URL(request.url);
    if (origins.has(origin)) return passthrough();
    strays.push({
      check: 'unknownOperation',
      operationId: undefined,
      method: request.method,
      path: pathname,
      status: 404,
      pointer: '/url',
      rule: 'origin',
      message: `${request.method} ${origin}${pathname} goes to where no handler is, and was kept from the network (rule origin); list the origin in \`passthrough\` to let it through.`,
    });
    return HttpResponse.error();
  });
}

function describe(validationErrors: readonly ValidationError[]): string {
  const lines = validationErrors.slice(0, MAX_LISTED).map(({ message }) => `  ${message}`);
  const rest = validationErrors.length - lines.length;
  const count = validationErrors.length === 1 ? '1 request' : `${validationErrors.length} requests`;
  return [
    `${count} violated the OpenAPI document (call allowValidationErrors() in a test that means to):`,
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more; \`validationErrors\` has all`] : []),
  ].join('\n');
}

async function settleCoverage(mock: Mock<UntypedOperations>, options: CoverageOptions): Promise<void> {
  const { threshold, html, print } = options;
  if (threshold === undefined && html === undefined && print === undefined) return;
  const report = mock.coverage();
  if (html !== undefined) await writePage(html, report.toHtml());
  print?.(report.toText());
  report.require(threshold ?? {});
}

async function writePage(file: string, text: string): Promise<void> {
  const [{ mkdir, writeFile }, { dirname }] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
  ]);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new VercelError(`The coverage page cannot be written to ${file} (${code})`, { cause });
  }
}
