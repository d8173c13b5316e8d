import { brand } from '../errors/brand.js';
import { VercelError } from '../errors/index.js';
import { safeText } from '../util/redact.js';

/** {@link poll} has waited for `totalTimeout`, and the condition does not hold. */
export class PollTimeoutError extends VercelError {
  static {
    brand(this, 'PollTimeoutError');
  }

  override readonly code: string = 'poll_timeout';
  /** Number of responses that were looked at. */
  readonly polls: number;
  /** The time that the wait was given, in milliseconds. */
  readonly totalTimeoutMs: number;
  readonly #lastValue: unknown;

  constructor(totalTimeoutMs: number, polls: number, lastValue: unknown, options?: ErrorOptions) {
    super(`The condition does not hold after ${totalTimeoutMs} ms and ${polls} polls`, options);
    this.polls = polls;
    this.totalTimeoutMs = totalTimeoutMs;
    this.#lastValue = lastValue;
  }

  /** The value of the last response; `undefined` without one. Never printed or serialised. */
  get lastValue(): unknown {
    return this.#lastValue;
  }
}

/** Facts of a deployment that will not become ready. */
export interface DeploymentFailure {
  /** Id of the deployment. */
  readonly deploymentId: string;
  /** State in which the deployment ended. */
  readonly readyState: string;
  /** The API's code for the reason, if it gave one. */
  readonly code: string | undefined;
  /** The API's text for the reason, if it gave one. */
  readonly reason: string | undefined;
  /** The last lines of the build log, oldest first. */
  readonly logLines: readonly string[];
}

/**
 * A deployment will not become ready.
 *
 * @example
 * if (error instanceof DeploymentError) console.error(error.message, error.logLines.join('\n'));
 */
export class DeploymentError extends VercelError {
  static {
    brand(this, 'DeploymentError');
  }

  /** Id of the deployment. */
  readonly deploymentId: string;
  /** The state that the deployment ended in, e.g. `ERROR`. */
  readonly readyState: string;
  /** The API's code for the reason, e.g. `BUILD_FAILED`; else `deployment_failed` or `deployment_canceled`. */
  override readonly code: string;
  readonly #logLines: readonly string[];

  constructor(
    what: 'failed' | 'was canceled',
    { deploymentId, readyState, code, reason, logLines }: DeploymentFailure,
  ) {
    const facts = [code, reason].filter((fact) => fact !== undefined && fact !== '').join(': ');
    super(`Deployment ${deploymentId} ${what}${facts && ` (${facts})`}`);
    this.deploymentId = deploymentId;
    this.readyState = readyState;
    this.code = code ?? (what === 'failed' ? 'deployment_failed' : 'deployment_canceled');
    // A build prints what it likes: known shapes of credentials are masked, and nothing prints the lines by accident.
    this.#logLines = logLines.map((line) => safeText(line));
  }

  /** The last lines of the build log, oldest first, each at most 512 characters. Never printed or serialised. */
  get logLines(): readonly string[] {
    return this.#logLines;
  }
}

/** A deployment failed: its build, its checks or the assignment of its aliases. */
export class DeploymentFailedError extends DeploymentError {
  static {
    brand(this, 'DeploymentFailedError');
  }

  constructor(failure: DeploymentFailure) {
    super('failed', failure);
  }
}

/** A deployment was canceled. */
export class DeploymentCanceledError extends DeploymentError {
  static {
    brand(this, 'DeploymentCanceledError');
  }

  constructor(failure: DeploymentFailure) {
    super('was canceled', failure);
  }
}

/** A promotion failed, was skipped, or gave way to a later one. */
export class PromotionError extends VercelError {
  static {
    brand(this, 'PromotionError');
  }

  override readonly code: string = 'promotion_failed';
  /** Id of the deployment. */
  readonly deploymentId: string;
  /** `failed`, `skipped`, or `superseded` where another deployment was promoted or rolled back to in the meantime. */
  readonly status: string;
  /** The aliases that were not moved. */
  readonly failedAliases: readonly string[];

  constructor(deploymentId: string, status: string, failedAliases: readonly string[]) {
    const names = failedAliases.length > 0 ? `: ${failedAliases.join(', ')}` : '';
    super(`The promotion of ${deploymentId} ended as ${status}${names}`);
    this.deploymentId = deploymentId;
    this.status = status;
    this.failedAliases = failedAliases;
  }
}

/** A file that could not be uploaded. */
export interface FileFailure {
  /** Path in the folder. */
  readonly file: string;
  /** Error of the file. */
  readonly error: Error;
}

/** Files of a deployment could not be uploaded. What was uploaded is kept by the API: the next run goes on from there. */
export class DeployFilesError extends VercelError {
  static {
    brand(this, 'DeployFilesError');
  }

  override readonly code: string = 'upload_failed';
  readonly #failures: readonly FileFailure[];

  constructor(failures: readonly FileFailure[]) {
    const [first] = failures;
    const reason =
      first === undefined ? 'the API goes on asking for them' : `${first.file}: ${first.error.message}`;
    super(`${Math.max(1, failures.length)} files could not be uploaded (${reason})`, { cause: first?.error });
    this.#failures = failures;
  }

  /** The files, each with its error. */
  get failures(): readonly FileFailure[] {
    return this.#failures;
  }
}
