import { isPlain } from './token-key.js';

/** Finds the key of a call without writing it down anew. */
export interface KeyMemo {
  /** The key that was remembered for such a call, whatever objects it is made with; `undefined` where there is none. */
  find(origin: string, identity: string, connector: string, params: object): string | undefined;
  /** Remembers the key of a call; nothing, where its parameters are not simple or hold a secret. */
  remember(key: string, origin: string, identity: string, connector: string, params: object): void;
}

/** A place on the way from a call to its key. */
interface Place {
  readonly next: Map<unknown, Place>;
  key?: string;
}

/** Goes on from a place; `undefined` ends the walk. */
type Step = (from: Place, part: unknown) => Place | undefined;

/** Parameters nested deeper are keyed each time, and so are those that go round in a circle. */
const MAX_DEPTH = 4;

/**
 * Makes the memo of one client.
 *
 * To write the key of a call down takes longer than all the rest of a hit, and a text that was just made has to be hashed
 * before it is looked up. To walk over the texts that the caller holds, field by field as they are written, does not:
 * each order of the fields is a way of its own, and all of them end at the same key.
 *
 * @param max - How many keys are remembered; with more, all are forgotten. That costs time, never correctness.
 */
export function createKeyMemo(max: number): KeyMemo {
  let root = createPlace();
  let size = 0;
  const walk = (step: Step, origin: string, identity: string, connector: string, params: object) => {
    let at = step(root, origin);
    at &&= step(at, identity);
    at &&= step(at, connector);
    return at && walkFields(step, at, params, 0);
  };
  return {
    find: (...call) => walk(follow, ...call)?.key,
    remember(key, ...call) {
      if (size >= max) {
        root = createPlace();
        size = 0;
      }
      const end = walk(lay, ...call);
      if (end === undefined || end.key !== undefined) return;
      end.key = key;
      size++;
    },
  };
}

function createPlace(): Place {
  return { next: new Map() };
}

const follow: Step = (from, part) => from.next.get(part);

const lay: Step = (from, part) => {
  const known = from.next.get(part);
  if (known !== undefined) return known;
  const place = createPlace();
  from.next.set(part, place);
  return place;
};

function walkFields(step: Step, from: Place, object: object, depth: number): Place | undefined {
  if (depth > MAX_DEPTH || !isPlain(object)) return undefined;
  const fields = Object.keys(object);
  // The count comes first, so that no field can be taken for one of the object around it.
  let at = step(from, fields.length);
  for (const field of fields) {
    // The buffer is no part of a key, and a caller's token is no part of this memo.
    if (field === 'validityBufferMs' && depth === 0) continue;
    if (field === 'token') return undefined;
    at &&= step(at, field);
    at &&= walkValue(step, at, Reflect.get(object, field), depth + 1);
  }
  return at;
}

function walkValue(step: Step, from: Place, value: unknown, depth: number): Place | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === undefined)
    return step(from, value);
  // Numbers are counts here, and nothing else.
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return walkFields(step, from, value, depth);
  let at = step(from, -1 - value.length);
  for (const item of value) at &&= walkValue(step, at, item, depth + 1);
  return at;
}
