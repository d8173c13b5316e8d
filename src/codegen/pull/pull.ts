import { applyFitting, type Correction } from '../corrections/corrections.js';
import { type CheckedDocument, checkDocument, type DocumentFacts } from './check-document.js';
import { compareExtents } from './compare-facts.js';
import { type DownloadedDocument, download } from './download.js';
import { type Lock, lockPathOf, previousPathOf, writeLock } from './lock.js';
import { type NewFile, removeLeftovers, replaceFiles } from './replace-files.js';
import { readSnapshot, type Snapshot } from './snapshot.js';
import type { PullWorld } from './world.js';

/** The document to pull, and the options. */
export interface PullRequest {
  /** As `checkSourceUrl` gives it. */
  readonly url: string;
  readonly documentPath: string;
  /** Takes a document whose size or counts are far from the last. */
  readonly force: boolean;
  /** Writes nothing. */
  readonly check: boolean;
  /** The corrections that the generator makes. The lock lists those that fit. */
  readonly corrections: readonly Correction[];
  /** Called with a new document that has passed its checks, before anything is written. An error that it throws ends the pull. */
  readonly onChecked?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  /** Name and version of this program, for the lock and as the user agent. */
  readonly generator: string;
  readonly signal: AbortSignal;
  readonly onBytes: (received: number, expected: number | undefined) => void;
  readonly onRetry: (reason: string, delayMs: number) => void;
}

/** The result of a pull. */
export type PullOutcome = Unchanged | Changed;

/** The document that is here says what the published one says. */
export interface Unchanged {
  readonly status: 'unchanged';
  /** The server said so, the bytes are equal, or they differ in what says nothing (order, white space). */
  readonly because: 'not-modified' | 'same-bytes' | 'same-content';
  readonly facts: DocumentFacts;
  /** Whether the lock was written: renewed, or made again. */
  readonly lockWritten: boolean;
}

/** The published document is new, and with `written` here. */
export interface Changed {
  readonly status: 'written' | 'new';
  readonly before: DocumentFacts | undefined;
  readonly after: DocumentFacts;
  /** One sentence for each oddity in the size of the document. */
  readonly warnings: readonly string[];
  /** One sentence for each correction that does not fit; it begins with the correction's name. */
  readonly misfits: readonly string[];
  /** Operations that are gone, as `GET /v1/things`. */
  readonly removed: readonly string[];
}

/**
 * Brings the published document here, if it is new and can be trusted to be whole.
 *
 * @throws {PullError} When it is not; the files that are here stay as they are, byte for byte.
 */
export async function pull(request: PullRequest, world: PullWorld): Promise<PullOutcome> {
  const { documentPath, url, signal, check, generator } = request;
  const previousPath = previousPathOf(documentPath);
  if (!check) {
    const own = [documentPath, lockPathOf(documentPath), previousPath];
    await removeLeftovers(own, world.files, world.now());
  }
  const snapshot = await readSnapshot(documentPath, world.files);
  const known = snapshot.lockFrom(url);
  const answer = await download({ ...request, etag: known?.etag, userAgent: generator }, world);
  if (answer.kind === 'not-modified') {
    // An ETag is sent only from a lock, so one is there; the check is for the compiler.
    if (known === undefined) throw new Error('304 without a lock');
    return { status: 'unchanged', because: 'not-modified', facts: known, lockWritten: false };
  }
  const checked = checkDocument(answer.bytes);
  const present = snapshot.document(checked);
  // Computed from the file, not read from the lock, which another version of this program may have written.
  if (present && present.facts.normalizedSha256 === checked.facts.normalizedSha256) {
    const lockWritten = await renewLock(lockOf(present, answer, request, world), snapshot, request, world);
    const because = present.facts.sha256 === checked.facts.sha256 ? 'same-bytes' : 'same-content';
    return { status: 'unchanged', because, facts: present.facts, lockWritten };
  }
  // The lock describes a document that is damaged or gone.
  const before = present?.facts ?? snapshot.lock;
  const operations = new Set(checked.operations);
  const change = {
    before,
    after: checked.facts,
    warnings: before === undefined ? [] : compareExtents(before, checked.facts, request.force),
    misfits: applyFitting(checked.document, request.corrections).misfits,
    removed: present?.operations.filter((operation) => !operations.has(operation)) ?? [],
  };
  if (check) return { status: 'new', ...change };
  await request.onChecked?.(answer.bytes);
  const newFiles: NewFile[] = [
    { path: snapshot.lockPath, content: writeLock(lockOf(checked, answer, request, world)) },
    // The document comes last, so that any failure leaves it as it was. The next pull writes a lock that does not fit it anew.
    { path: documentPath, content: answer.bytes },
  ];
  // `vercel-rest diff` compares with the document that is replaced. A damaged one is not kept.
  if (present && snapshot.bytes) newFiles.unshift({ path: previousPath, content: snapshot.bytes });
  await replaceFiles(newFiles, world.files, signal);
  return { status: 'written', ...change };
}

/** Sees to it that the lock describes the document that stays, and holds the ETag to ask with the next time. */
async function renewLock(
  fresh: Lock,
  { lock, lockPath, lockFrom }: Snapshot,
  { check, url, signal }: PullRequest,
  { files }: PullWorld,
): Promise<boolean> {
  const { retrievedAt, generator } = lockFrom(url) ?? fresh;
  const content = writeLock({ ...fresh, retrievedAt, generator });
  if (check || (lock !== undefined && writeLock(lock) === content)) return false;
  await replaceFiles([{ path: lockPath, content }], files, signal);
  return true;
}

function lockOf(
  { facts, document }: CheckedDocument,
  { etag, lastModified }: DownloadedDocument,
  { url, generator, corrections }: PullRequest,
  world: PullWorld,
): Lock {
  const { applied } = applyFitting(document, corrections);
  const retrievedAt = new Date(world.now()).toISOString();
  return { ...facts, url, retrievedAt, etag, lastModified, generator, corrections: applied };
}
