import { isRecord } from '../../util/is-record.js';
import type { ConnectTokenResponse } from '../types.js';
import { headOf, readEnvelope, type StoreKeys } from './store-keys.js';

/** A token as it is kept in a store. */
export interface TokenRecord {
  readonly value: ConnectTokenResponse;
  /** Life on issue, in milliseconds. */
  readonly lengthMs: number;
  /** Whether it came of a renewal that brought nothing newer, so that another would not either. */
  readonly isLast: boolean;
}

/** What became of opening an entry. */
export interface Opened {
  /** Its beginning, to be told apart by. */
  readonly head: string;
  /** `undefined` where it is of an earlier generation, or does not open. */
  readonly record: TokenRecord | undefined;
  /** Whether it ought to have opened. */
  readonly isUnreadable: boolean;
}

/** What stands between the generations of a mark: neither they nor the parts of a sealed text have it. */
const JOINT = '~';

/** Generations as one mark. */
export function joinMark(generations: readonly string[]): string {
  return generations.join(JOINT);
}

/** The generations of a mark. */
export function splitMark(mark: string): string[] {
  return mark.split(JOINT);
}

/** Seals a record for its place and generations. */
export function sealRecord(
  keys: StoreKeys,
  entry: string,
  mark: string,
  { value, lengthMs, isLast }: TokenRecord,
): Promise<string> {
  return keys.seal(entry, mark, JSON.stringify([lengthMs, isLast ? 1 : 0, value]));
}

/** Opens an entry that must be of these generations, in this place. */
export async function openRecord(
  keys: StoreKeys,
  entry: string,
  mark: string,
  text: string,
): Promise<Opened> {
  const envelope = readEnvelope(text);
  if (envelope === undefined) return { head: text, record: undefined, isUnreadable: true };
  const head = headOf(envelope);
  if (envelope.mark !== mark) return { head, record: undefined, isUnreadable: false };
  const opened = await keys.open(entry, envelope);
  const record = opened === undefined ? undefined : readRecord(opened);
  return { head, record, isUnreadable: record === undefined };
}

function readRecord(text: string): TokenRecord | undefined {
  const [lengthMs, isLast, value]: unknown[] = JSON.parse(text);
  if (typeof lengthMs !== 'number' || !isRecord(value)) return undefined;
  if (typeof value.token !== 'string' || typeof value.expiresAt !== 'number') return undefined;
  // It was checked before it was sealed, by this package, and what does not open is not believed.
  return { value: value as unknown as ConnectTokenResponse, lengthMs, isLast: isLast === 1 };
}
