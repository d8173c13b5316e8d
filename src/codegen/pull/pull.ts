import { applyFitting, type Correction } from '../corrections/corrections.js';
import { type CheckedDocument, checkDocument, type DocumentFacts } from './check-document.js';
import { compareExtents } from './compare-facts.js';
import { download } from './download.js';
import { sweepLeftovers } from './leftovers.js';
import { type Lock, lockPathOf, writeLock } from './lock.js';
import { previousPathOf } from './previous.js';
import { type NewFile, replaceFiles } from './replace-file.js';
import { lastFacts, readSnapshot, type Snapshot } from './snapshot.js';
import type { PullWorld } from './world.js';

/** What to pull, and how. */
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
  /** Called with a new document that has passed its checks, before anything is written. What it throws ends the pull. */
  readonly onChecked?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  /** Name and version of this program, for the lock and as the user agent. */
  readonly generator: string;
  readonly signal: AbortSignal;
  readonly onBytes: (received: number, expected: number | undefined) => void;
  readonly onRetry: (reason: string, delayMs: number) => void;
}

/** What a pull came to. */
export type PullOutcome = Unchanged | Changed;

/** The document that is here says what the published one says. */
export interface Unchanged {
  readonly status: 'unchanged';
  /** The server said so, the bytes are equal, or they differ in what says nothing (order, white space). */
  readonly because: 'not-modified' | 'same-bytes' | 'same-content';
  readonly facts: DocumentFacts;
  /** Whether the lock was renewed, or mended. */
  readonly lockWritten: boolean;
}

/** The published document is new, and with `written` here. */
export interface Changed {
  readonly status: 'written' | 'new';
  readonly before: DocumentFacts | undefined;
  readonly after: DocumentFacts;
  /** What is odd about the size of the document. */
  readonly warnings: readonly string[];
  /** One sentence for each correction that does not fit; it begins with the correction's name. */
  readonly misfits: readonly string[];
  /** Operations that are gone, as `GET /v1/things`. */
  readonly removed: readonly string[];
}

type Received = Extract<Awaited<ReturnType<typeof download>>, { kind: 'document' }>;

/**
 * Brings the published document here, if it is new and can be trusted to be whole.
 *
 * @throws {PullError} When it is not; the files that are here stay as they are, byte for byte.
 */
export async function pull(request: PullRequest, world: PullWorld): Promise<PullOutcome> {
  const { documentPath, url, signal } = request;
  if (!request.check) {
    const own = [documentPath, lockPathOf(documentPath), previousPathOf(documentPath)];
    await sweepLeftovers(own, world.files, world.now());
  }
  const snapshot = await readSnapshot(documentPath, world.files);
  const { lock, isLocked } = snapshot;
  const isSameSource = isLocked && lock?.url === url;
  const answer = await download(
    { ...request, etag: isSameSource ? lock?.etag : undefined, userAgent: request.generator },
    world,
  );
  if (answer.kind === 'not-modified') return notModified(snapshot);
  const checked = checkDocument(answer.bytes);
  const same = sameness(checked, snapshot);
  if (same !== undefined) return keep(same, answer, snapshot, request, world);
  const before = lastFacts(snapshot);
  const warnings = before === undefined ? [] : compareExtents(before, checked.facts, request.force);
  const { misfits } = applyFitting(checked.document, request.corrections);
  if (!request.check) {
    await request.onChecked?.(answer.bytes);
    const fresh = lockOf(checked, answer, request, world);
    const document = { path: documentPath, content: answer.bytes };
    // The document comes last, so that any failure leaves it as it was. A lock that does not fit it is written anew by the next pull.
    await replaceFiles([...previousFile(snapshot), lockFile(snapshot, fresh), document], world.files, signal);
  }
  const removed = removedOperations(snapshot.document(), checked);
  const status = request.check ? 'new' : 'written';
  return { status, before, after: checked.facts, warnings, misfits, removed };
}

function notModified({ lock }: Snapshot): Unchanged {
  // An ETag is sent only from a lock, so one is there; the check is for the compiler.
  if (lock === undefined) throw new Error('304 without a lock');
  return { status: 'unchanged', because: 'not-modified', facts: lock, lockWritten: false };
}

function sameness({ facts }: CheckedDocument, snapshot: Snapshot): Unchanged['because'] | undefined {
  if (facts.sha256 === snapshot.sha256) return 'same-bytes';
  // Computed from the file, not read from the lock, which another version of this program may have written.
  return snapshot.document()?.facts.normalizedSha256 === facts.normalizedSha256 ? 'same-content' : undefined;
}

/** Keeps the document and sees to it that the lock describes it, and holds the ETag to ask with the next time. */
async function keep(
  because: Unchanged['because'],
  answer: Received,
  snapshot: Snapshot,
  request: PullRequest,
  world: PullWorld,
): Promise<Unchanged> {
  const checked = snapshot.document();
  // The published document passed its checks, so one that says the same does.
  if (checked === undefined) throw new Error('an equal document did not pass its checks');
  const { lock, isLocked } = snapshot;
  const fresh = lockOf(checked, answer, request, world);
  const kept = isLocked && lock?.url === request.url ? lock : fresh;
  const renewed = { ...fresh, retrievedAt: kept.retrievedAt, generator: kept.generator };
  const isStale = lock === undefined || writeLock(lock) !== writeLock(renewed);
  if (isStale && !request.check) {
    await replaceFiles([lockFile(snapshot, renewed)], world.files, request.signal);
  }
  return { status: 'unchanged', because, facts: checked.facts, lockWritten: isStale && !request.check };
}

/** What is replaced is kept beside, so that what changed can be told afterwards; a damaged document is no measure. */
function previousFile(snapshot: Snapshot): NewFile[] {
  if (snapshot.bytes === undefined || snapshot.document() === undefined) return [];
  return [{ path: previousPathOf(snapshot.documentPath), content: snapshot.bytes }];
}

function lockFile({ lockPath }: Snapshot, lock: Lock): NewFile {
  return { path: lockPath, content: writeLock(lock) };
}

function lockOf(
  { facts, document }: CheckedDocument,
  { etag, lastModified }: Received,
  { url, generator, corrections }: PullRequest,
  world: PullWorld,
): Lock {
  const { applied } = applyFitting(document, corrections);
  const retrievedAt = new Date(world.now()).toISOString();
  return { ...facts, url, retrievedAt, etag, lastModified, generator, corrections: applied };
}

function removedOperations(before: CheckedDocument | undefined, after: CheckedDocument): string[] {
  const present = new Set(after.operations);
  return before?.operations.filter((operation) => !present.has(operation)) ?? [];
}
