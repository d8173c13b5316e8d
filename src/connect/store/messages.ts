type StoreMessage =
  | { readonly type: 'replaced'; readonly from: string; readonly generations: readonly string[] }
  | { readonly type: 'fetched'; readonly entry: string };

/** 72 bits. */
const ID_BYTES = 9;
/** Begins a generation that was put in the place of one that ended. One without it was merely missing. */
const ENDED = '!';
/** Begins the generation of a subject's cached errors while a person is deciding. */
const DECIDING = '?';

/** Returns a random text that is never used again, without a character that has a meaning anywhere. */
export function freshId(): string {
  return freshIds(1).join();
}

/** Returns so many of them: random bytes cost by the call. */
export function freshIds(count: number): string[] {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(count * ID_BYTES)).buffer);
  return Array.from({ length: count }, (_, at) =>
    bytes.toString('base64url', at * ID_BYTES, (at + 1) * ID_BYTES),
  );
}

/** Marks a fresh generation as one that ends what was before it. */
export function endingGeneration(fresh: string): string {
  return ENDED + fresh;
}

/** Whether a generation ended what was before it, rather than having been missing. */
export function isEnding(generation: string): boolean {
  return generation.startsWith(ENDED);
}

/** Marks a fresh generation of cached errors: a person is deciding. @param until - Epoch milliseconds. */
export function decidingGeneration(fresh: string, until: number): string {
  return `${DECIDING}${Math.floor(until)}-${fresh}`;
}

/** Whether a person is deciding. */
export function isDeciding(generation: string, now: number): boolean {
  return generation.startsWith(DECIDING) && Number.parseInt(generation.slice(DECIDING.length), 10) > now;
}

/** Says that generations are over. */
export function replacedMessage(from: string, generations: readonly string[]): string {
  return ['g', from, ...generations].join(' ');
}

/** Says that a fetch is over, whatever its outcome. */
export function fetchedMessage(entry: string): string {
  return `w ${entry}`;
}

/** @returns `undefined` for a sign of life, and for what this version does not know. */
export function readMessage(text: unknown): StoreMessage | undefined {
  if (typeof text !== 'string') return undefined;
  const [type, first, ...rest] = text.split(' ');
  if (first === undefined) return undefined;
  if (type === 'w') return { type: 'fetched', entry: first };
  return type === 'g' ? { type: 'replaced', from: first, generations: rest } : undefined;
}
