import { HttpResponse, http, passthrough } from 'msw';
import { checkArgument, InvalidArgumentError, VercelError } from '../../errors/index.js';
import type { operations } from '../../generated/index.js';
import { checkMockNames } from '../known-options.js';
import type { ForeignSource, OperationMap, UntypedOperations } from '../types.js';
import type { ValidationError } from '../validate/validation-error.js';
import type { CoverageThreshold } from './coverage.js';
import { DocumentMock } from './create-mock.js';
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

/** Reports and demands on the coverage after the tests of a file. */
export interface CoverageOptions {
  /** Fails the file below these percentages. Default: none. */
  readonly threshold?: CoverageThreshold | undefined;
  /** File for the page of the whole coverage. Default: none. */
  readonly html?: string | undefined;
  /** Called with the summary. Default: the summary is not shown. */
  readonly print?: ((text: string) => void) | undefined;
}

/** Options of {@link setupMock} beside those of a mock. */
export interface SetupOptions {
  /** Starts, resets and closes the mock with its hooks. Without one, call the three by hand. */
  readonly runner?: TestRunner | undefined;
  readonly coverage?: CoverageOptions | undefined;
  /** Origins that may be reached over the network, e.g. that of a server under test. Default: none. */
  readonly passthrough?: readonly string[] | undefined;
}

/** A mock in place of this process's network. */
export interface RunningMock<Operations extends OperationMap = operations> extends Mock<Operations> {
  /** Intercepts the requests of this process. Those to other servers fail, and count as validation errors. */
  start(): Promise<void>;
  /**
   * Ends a test: fails it for a request that violated the OpenAPI document, and clears planned responses.
   *
   * @throws {MockError} That lists the validation errors, unless {@link Mock.allowValidationErrors} was called.
   */
  reset(): void;
  /**
   * Restores the network, and writes, prints and demands the coverage.
   *
   * @throws {MockError} For a coverage below `coverage.threshold`.
   * @throws {VercelError} When the page cannot be written; `cause` is the system's error.
   */
  close(): Promise<void>;
}

/**
 * Sets up a mock for the tests of a file: started before them, reset after each, closed after them.
 *
 * No request reaches the network while it runs. A request that violates the document fails its test.
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
  const { runner } = options;
  if (runner === undefined) return mock;
  const [first, last] = [runner.beforeAll ?? runner.before, runner.afterAll ?? runner.after];
  checkArgument(
    first !== undefined && last !== undefined && typeof runner.afterEach === 'function',
    'runner',
    "must have beforeAll (or before), afterEach and afterAll (or after): `import * as runner from 'vitest'`",
  );
  first(() => mock.start());
  runner.afterEach(() => mock.reset());
  last(() => mock.close());
  return mock;
}

class TestMock extends DocumentMock implements RunningMock<UntypedOperations> {
  /** Errors of requests to other servers. */
  readonly #strays: ValidationError[] = [];
  readonly #coverageOptions: CoverageOptions;
  readonly #passthrough: ReadonlySet<string>;
  #stop: () => void = () => {};

  constructor(options: UntypedMockOptions & SetupOptions) {
    super(options);
    this.#coverageOptions = options.coverage ?? {};
    this.#passthrough = new Set(
      (options.passthrough ?? []).map((url) => {
        if (URL.canParse(url)) return new URL(url).origin;
        throw new InvalidArgumentError(
          'passthrough',
          'must be a list of origins such as http://127.0.0.1:3000',
        );
      }),
    );
  }

  override get validationErrors(): readonly ValidationError[] {
    return [...super.validationErrors, ...this.#strays];
  }

  async start(): Promise<void> {
    const { setupServer } = await import('msw/node');
    // Takes every request that no other handler took: none reaches the network, whatever the settings of msw are.
    const strayHandler = http.all('*', ({ request }) => {
      const { origin, pathname } = new URL(request.url);
      if (this.#passthrough.has(origin)) return passthrough();
      this.#strays.push({
        check: 'unknownOperation',
        operationId: undefined,
        method: request.method,
        path: pathname,
        status: 404,
        pointer: '/url',
        rule: 'origin',
        message: `${request.method} ${origin}${pathname} has no handler and was kept from the network (rule origin); list the origin in \`passthrough\` to let it through.`,
      });
      return HttpResponse.error();
    });
    const server = setupServer(...this.handlers, strayHandler);
    server.listen({ onUnhandledRequest: 'error' });
    this.#stop = () => server.close();
  }

  override reset(): void {
    // Read before they are cleared: the getter returns a copy.
    const found = this.validationErrorsAllowed ? [] : this.validationErrors;
    super.reset();
    this.#strays.length = 0;
    if (found.length === 0) return;
    const count = found.length === 1 ? '1 request' : `${found.length} requests`;
    const lines = found.slice(0, MAX_LISTED).map(({ message, method, path }) => {
      const request = `${method} ${path}`;
      // The error of an unknown operation begins with the request.
      return message.startsWith(`${method} `) ? `  ${message}` : `  ${message} The request was ${request}.`;
    });
    const rest = found.length - lines.length;
    if (rest > 0) lines.push(`  and ${rest} more; \`validationErrors\` has all`);
    throw new MockError(
      'mock_validation',
      `${count} violated the OpenAPI document (call allowValidationErrors() in a test that means to):\n${lines.join('\n')}`,
    );
  }

  async close(): Promise<void> {
    this.#stop();
    // Some versions of msw throw when they are closed twice.
    this.#stop = () => {};
    const { threshold, html, print } = this.#coverageOptions;
    if (threshold === undefined && html === undefined && print === undefined) return;
    const report = this.coverage();
    if (html !== undefined) await writePage(html, report.toHtml());
    print?.(report.toText());
    report.require(threshold ?? {});
  }
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
