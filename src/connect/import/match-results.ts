import { isRecord, recordOf } from '../../util/is-record.js';
import { stableJson } from '../../util/stable-json.js';

type Item = Readonly<Record<string, unknown>>;

/** Compared where subject, environment and expiry do not distinguish items, as far as the response has them. */
const OTHER_FIELDS = [
  ...['installationId', 'installation', 'tenant', 'name', 'externalSubject', 'refreshTokenExpiresAt'],
  ...['scopes', 'audience', 'resources', 'authorizationDetails', 'data'],
] as const;

/**
 * Finds the result of each item that was sent.
 *
 * A response may have any order and leave items out, so an index says nothing. Results match by subject, environment and
 * expiry, then by the other fields that they repeat. The rest match by subject and environment, because a server may round an
 * expiry. Equal items with different results get none.
 *
 * @param sent - The items of one batch.
 * @param results - The results in the API's response.
 * @returns By place in `sent`; `undefined` for an item that the response does not name.
 */
export function matchResults(sent: readonly Item[], results: readonly unknown[]): (Item | undefined)[] {
  const found = new Array<Item | undefined>(sent.length).fill(undefined);
  let left: readonly Item[] = results.filter(isRecord);
  const exactKey = (item: Item) => JSON.stringify([looseKey(item), item.expiresAt ?? null]);
  for (const keyOf of [exactKey, looseKey]) {
    const open = [...sent.keys()].filter((place) => found[place] === undefined);
    const places = groupBy(open, (place) => keyOf(sent[place] ?? {}));
    const used = new Set<Item>();
    for (const [key, group] of groupBy(left, keyOf)) {
      for (const [place, result] of pair(places.get(key) ?? [], group, sent)) {
        found[place] = result;
        used.add(result);
      }
    }
    left = left.filter((result) => !used.has(result));
  }
  return found;
}

function pair(places: readonly number[], results: readonly Item[], sent: readonly Item[]): [number, Item][] {
  const isOne = new Set(results.map(({ succeeded }) => succeeded)).size === 1;
  // Whichever is whose, all of them say the same.
  if (isOne && places.length === results.length)
    return places.flatMap((place, index): [number, Item][] => {
      const result = results[index];
      return result === undefined ? [] : [[place, result]];
    });
  return results.flatMap((result): [number, Item][] => {
    const [place, ...others] = places.filter((one) => agrees(sent[one] ?? {}, result));
    if (place === undefined || others.length > 0) return [];
    const rivals = results.filter((one) => agrees(sent[place] ?? {}, one));
    return rivals.length === 1 ? [[place, result]] : [];
  });
}

function agrees(item: Item, result: Item): boolean {
  return OTHER_FIELDS.every(
    (field) => result[field] === undefined || stableJson(result[field]) === stableJson(item[field]),
  );
}

/** The subject without its token, which no response repeats, and the environment. */
function looseKey({ subject, environment }: Item): string {
  const { type, id, issuer, sub } = recordOf(subject);
  return JSON.stringify([type, id, issuer, sub, environment].map((part) => part ?? null));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
