import { upload } from '../client/upload/upload.js';
import { APIError } from '../errors/index.js';
import type { Deployment, DeploymentEvent } from '../generated/platform/deployments.js';
import { sleep } from '../util/abort.js';
import { isRecord } from '../util/is-record.js';
import type { FolderFile, HashedFile } from './folder-files.js';
import { followEvents } from './follow-events.js';
import { checkConcurrency, forEachConcurrently } from './for-each-concurrently.js';
import { notify } from './notify.js';
import {
  asPlatform,
  type BodyIn,
  type DeploymentOf,
  type EventOf,
  type PlatformClient,
  type QueryIn,
  type RequestBodyIn,
  type Requires,
} from './platform-client.js';
import { DeployFilesError, type FileFailure } from './platform-errors.js';
import { passes } from './poll.js';
import { type WaitForDeploymentOptions, waitForDeployment } from './wait-for-deployment.js';

/** Options of {@link deployFolder}. */
export interface DeployFolderOptions<C> {
  /** The body of `createDeployment` but for its files, e.g. `{ name, project, target, projectSettings }`. */
  readonly deployment: Omit<RequestBodyIn<C, 'createDeployment'>, 'files'>;
  /** The query of `createDeployment`. Default: `{ skipAutoDetectionConfirmation: '1' }`. */
  readonly query?: QueryIn<C, 'createDeployment'> | undefined;
  /** Files that are uploaded at a time. Default 10. */
  readonly concurrency?: number | undefined;
  /** Options of the wait; `false` returns as soon as the deployment is created. Default: see {@link waitForDeployment}. */
  readonly wait?: false | Omit<WaitForDeploymentOptions<DeploymentOf<C>>, 'signal'> | undefined;
  /** Called with each event of the build log. Default: the log is not read. */
  readonly onLog?: ((event: EventOf<C>) => void) | undefined;
  /** Called as it goes on. What it throws is ignored. */
  readonly onProgress?: ((progress: DeployProgress) => void) | undefined;
  /** Ends everything at once, with the signal's own reason. A deployment that was created goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** Progress of {@link deployFolder}. */
export type DeployProgress =
  | {
      /** The folder is read. */
      readonly step: 'files';
      readonly files: number;
      readonly bytes: number;
      /** Links that lead out of the folder, and what is neither a file nor a folder. */
      readonly skipped: readonly string[];
    }
  | {
      /** Files that the API does not have are uploaded; the numbers grow to those of `of`. */
      readonly step: 'upload';
      readonly files: number;
      readonly bytes: number;
      readonly of: { readonly files: number; readonly bytes: number };
    }
  | { readonly step: 'created'; readonly deploymentId: string; readonly url: string }
  | { readonly step: 'state'; readonly readyState: string };

/** Result of {@link deployFolder}. */
export interface DeployFolderResult<C> {
  /** The deployment as it was created. */
  readonly created: BodyIn<C, 'createDeployment'>;
  /** The deployment when it was ready; `undefined` with `wait: false`. */
  readonly ready: DeploymentOf<C> | undefined;
  /** Files in the deployment. */
  readonly files: number;
  /** Files that were uploaded; the API had all others. */
  readonly uploaded: number;
}

const DEFAULT_CONCURRENCY = 10;
const MAX_CONCURRENCY = 100;
/** Rounds in a row in which no file could be uploaded. */
const MAX_IDLE_ROUNDS = 3;
const ROUND_DELAY_MS = 1_000;
/** Time that the log may go on after the deployment has ended, in milliseconds. */
const LOG_GRACE_MS = 2_000;

/**
 * Deploys the files of a folder, and waits until the deployment is ready.
 *
 * Files are uploaded by their digest, and only those that the API does not have: a second run uploads nothing, and a run
 * that was interrupted goes on where it was. Large files are streamed. What a `.vercelignore` in the folder names is left
 * out, and so is what Vercel always leaves out.
 *
 * @throws {InvalidArgumentError} For a folder that cannot be read or holds nothing to deploy.
 * @throws {DeployFilesError} When files cannot be uploaded.
 * @throws {DeploymentFailedError} See {@link waitForDeployment}.
 *
 * @example
 * const { ready } = await deployFolder(client, './site', { deployment: { name: 'storefront', target: 'production' } });
 * console.log(`https://${ready?.url}`);
 */
export async function deployFolder<C extends object>(
  client: C & Requires<C, 'uploadFile' | 'createDeployment' | 'getDeployment' | 'getDeploymentEvents'>,
  folder: string,
  options: DeployFolderOptions<C>,
): Promise<DeployFolderResult<C>> {
  // The options and the result are what the client's own document says they are; below this line they have the types of
  // this subpath's own document, of whose fields each is treated as what a server may leave out.
  const own = options as unknown as OwnOptions;
  return (await deploy(asPlatform(client), folder, own)) as unknown as DeployFolderResult<C>;
}

type OwnOptions = DeployFolderOptions<PlatformClient>;

async function deploy(
  platform: PlatformClient,
  folder: string,
  options: OwnOptions,
): Promise<DeployFolderResult<PlatformClient>> {
  const { concurrency = DEFAULT_CONCURRENCY, signal, wait, onLog } = options;
  checkConcurrency(concurrency, MAX_CONCURRENCY);
  const report: Report = (progress) => notify(options.onProgress, progress);
  // Loaded here, so that everything else of this subpath runs without a file system.
  const { hashFiles, listFiles } = await import('./folder-files.js');
  const { files, skipped } = await listFiles(folder);
  report({ step: 'files', files: files.length, bytes: bytesOf(files), skipped });
  const hashed = await hashFiles(files, signal);
  const creation: Creation = { platform, options, files: hashed, concurrency, signal, report };
  const { created, uploaded } = await createWithFiles(creation);
  report({ step: 'created', deploymentId: created.id, url: created.url });
  if (wait === false) return { created, ready: undefined, files: files.length, uploaded };
  const onPoll = (deployment: Deployment, poll: number) => {
    report({ step: 'state', readyState: deployment.readyState });
    wait?.onPoll?.(deployment, poll);
  };
  const stopLog = onLog && startLog(platform, created.id, onLog, signal);
  const ready = await waitForDeployment(platform, created.id, { ...wait, signal, onPoll }).finally(stopLog);
  return { created, ready, files: files.length, uploaded };
}

type Report = (progress: DeployProgress) => void;

/** A deployment that is being created. */
interface Creation {
  readonly platform: PlatformClient;
  readonly options: OwnOptions;
  readonly files: readonly HashedFile[];
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  readonly report: Report;
}

/** Creates the deployment, uploading what the API says is missing, until nothing is. */
async function createWithFiles(
  creation: Creation,
): Promise<{ readonly created: Deployment; readonly uploaded: number }> {
  const byDigest = new Map(creation.files.map((file) => [file.digest, file]));
  let uploaded = 0;
  for (let idleRounds = 0; ; ) {
    const outcome = await tryToCreate(creation);
    if ('created' in outcome) return { created: outcome.created, uploaded };
    const missing = outcome.missing.flatMap((digest) => byDigest.get(digest) ?? []);
    const { sent, failures } = await uploadFiles(creation, missing);
    uploaded += sent;
    idleRounds = sent > 0 ? 0 : idleRounds + 1;
    if (idleRounds >= MAX_IDLE_ROUNDS || missing.length === 0) throw new DeployFilesError(failures);
    if (failures.length > 0) await sleep(ROUND_DELAY_MS * 2 ** idleRounds, creation.signal);
  }
}

/** Creates the deployment, or returns the digests of the files that the API asks for before it does. */
async function tryToCreate({
  platform,
  options,
  files,
  signal,
}: Creation): Promise<{ readonly created: Deployment } | { readonly missing: readonly string[] }> {
  const body = {
    ...options.deployment,
    files: files.map(({ file, digest, size }) => ({ file, sha: digest, size })),
  };
  const query = options.query ?? { skipAutoDetectionConfirmation: '1' };
  try {
    return { created: (await platform.call('createDeployment', { params: { query }, body, signal })).data };
  } catch (error) {
    const body = error instanceof APIError && error.code === 'missing_files' ? error.body : undefined;
    const problem = isRecord(body) ? body.error : undefined;
    const missing = isRecord(problem) ? problem.missing : undefined;
    if (!Array.isArray(missing)) throw error;
    return { missing: missing.filter((digest) => typeof digest === 'string') };
  }
}

/**
 * Uploads files. One that fails in passing is left to the next round, since the API asks for it again.
 *
 * @throws {DeployFilesError} For a failure that does not pass.
 */
async function uploadFiles(
  { platform, concurrency, signal, report }: Creation,
  files: readonly HashedFile[],
): Promise<{ readonly sent: number; readonly failures: readonly FileFailure[] }> {
  const failures: FileFailure[] = [];
  const of = { files: files.length, bytes: bytesOf(files) };
  let [sent, bytes] = [0, 0];
  report({ step: 'upload', files: 0, bytes: 0, of });
  const { openFile } = await import('./folder-files.js');
  await forEachConcurrently(files, concurrency, signal, async (hashed) => {
    const { size, digest } = hashed;
    try {
      // The API refuses bytes that are no longer those that were hashed.
      const file = await openFile(hashed);
      await upload(platform, 'uploadFile', { file, length: size, digest, signal });
      sent += 1;
      bytes += size;
      report({ step: 'upload', files: sent, bytes, of });
    } catch (error) {
      signal?.throwIfAborted();
      const failure = { file: hashed.file, error: error instanceof Error ? error : new Error(String(error)) };
      if (!passes(error)) throw new DeployFilesError([failure]);
      failures.push(failure);
    }
  });
  return { sent, failures };
}

/** Reads the log beside the wait. Returns what ends it: it may go on for a moment, for its last lines. */
function startLog(
  platform: PlatformClient,
  deploymentId: string,
  onLog: (event: DeploymentEvent) => void,
  signal: AbortSignal | undefined,
): () => Promise<void> {
  const controller = new AbortController();
  const either = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  const read = async () => {
    for await (const event of followEvents(platform, deploymentId, { signal: either })) onLog(event);
  };
  // A log that cannot be read must not end a deployment that goes well.
  const reading = read().catch(() => undefined);
  return async () => {
    const timer = setTimeout(() => controller.abort(), LOG_GRACE_MS);
    await reading;
    clearTimeout(timer);
  };
}

function bytesOf(files: readonly FolderFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
