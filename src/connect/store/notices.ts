/** A notice, taken apart. */
export type Notice =
  | { readonly type: 'replaced'; readonly from: string; readonly generations: readonly string[] }
  | { readonly type: 'landed'; readonly entry: string };

/** 72 bits. */
const ID_BYTES = 9;

/** A random text that is never used again, without a character that has a meaning anywhere. */
export function freshId(): string {
  return freshIds(1).join();
}

/** So many of them: random bytes cost by the call. */
export function freshIds(count: number): string[] {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(count * ID_BYTES)).buffer);
  return Array.from({ length: count }, (_, at) =>
    bytes.toString('base64url', at * ID_BYTES, (at + 1) * ID_BYTES),
  );
}

/** Says that generations are over. */
export function replacedNotice(from: string, generations: readonly string[]): string {
  return ['g', from, ...generations].join(' ');
}

/** Says that a fetch is over, whatever came of it. */
export function landedNotice(entry: string): string {
  return `w ${entry}`;
}

/** @returns `undefined` for a sign of life, and for what this version does not know. */
export function readNotice(text: string): Notice | undefined {
  const [type, first, ...rest] = text.split(' ');
  if (first === undefined) return undefined;
  if (type === 'w') return { type: 'landed', entry: first };
  return type === 'g' ? { type: 'replaced', from: first, generations: rest } : undefined;
}
