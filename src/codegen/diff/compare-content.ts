import { isRecord } from '../../util/is-record.js';
import { compareText } from './compare-docs.js';
import { docsOf } from './docs.js';
import { canonical } from './interner.js';
import { showValue } from './show.js';
import { schemaAt } from './to-node.js';
import type { Finding, Json, SchemaComparer, Segments } from './types.js';

interface Media {
  readonly type: string;
  readonly node: Json;
  readonly at: Segments;
}

/** The media types of a body, and the schema of each; one type that took another's place is a changed type. */
export function compareContent(
  comparer: SchemaComparer,
  before: Json,
  after: Json,
  at: Segments,
  atBefore: Segments = at,
): readonly Finding[] {
  const a = mediaOf(before, atBefore);
  const b = mediaOf(after, at);
  const taken = [...a.values()].flatMap((was): Array<[Media, Media]> => {
    const is =
      b.get(was.type) ?? (hasWildcard(was) ? [...b.values()].find((each) => covers(was, each)) : undefined);
    return is === undefined ? [] : [[was, is]];
  });
  const given = new Set(taken.flat());
  const gone = [...a.values()].filter((media) => !given.has(media));
  // "Any type" that came to be one of them says what it was all along.
  const fresh = [...b.values()].filter(
    (media) => !given.has(media) && !taken.some(([was]) => hasWildcard(was) && covers(was, media)),
  );
  const kept = taken.flatMap(([was, is]) => compareMedia(comparer, was, is));
  const [was, is] = [gone[0], fresh[0]];
  if (was !== undefined && is !== undefined && gone.length === 1 && fresh.length === 1) {
    if (covers(is, was))
      return [...kept, swap(comparer, 'added', undefined, is), ...compareMedia(comparer, was, is)];
    return [...kept, swap(comparer, 'changed', was, is), ...compareMedia(comparer, was, is)];
  }
  return [
    ...kept,
    ...gone.map((each) => swap(comparer, 'removed', each, undefined)),
    ...fresh.map((each) => swap(comparer, 'added', undefined, each)),
  ];
}

function hasWildcard({ type }: Media): boolean {
  return type.endsWith('/*');
}

/** Whether a range of media types has another in it. */
function covers(range: Media, { type }: Media): boolean {
  return range.type === '*/*' || (hasWildcard(range) && type.startsWith(range.type.slice(0, -1)));
}

/** The media types that a body may have; parameters such as the charset left out. */
export function mediaOf(holder: Json, at: Segments): Map<string, Media> {
  const content = isRecord(holder.content) ? holder.content : {};
  return new Map(
    Object.entries(content).map(([key, node]) => {
      const type = (key.split(';')[0] ?? key).trim().toLowerCase();
      return [type, { type, node: isRecord(node) ? node : {}, at: [...at, 'content', key] }] as const;
    }),
  );
}

function compareMedia(comparer: SchemaComparer, was: Media, is: Media): Finding[] {
  const [a, b] = [was, is].map((media) => schemaAt(media.node.schema, [...media.at, 'schema']));
  const prose = ['example', 'examples'].flatMap((name) =>
    compareText(name, docsOf([was]).get(name), docsOf([is]).get(name)),
  );
  return [...comparer.compare(a ?? [], b ?? []), ...compareEncoding(comparer, was, is), ...prose];
}

/** How each property of a form is written into the body. */
function compareEncoding({ direction }: SchemaComparer, was: Media, is: Media): Finding[] {
  const [a, b] = [was, is].map(({ node }) => (isRecord(node.encoding) ? node.encoding : {}));
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].flatMap((name) => {
    const [before, after] = [a?.[name], b?.[name]];
    if (canonical(before) === canonical(after)) return [];
    const side = after === undefined ? 'before' : 'after';
    const at = [...(side === 'before' ? was : is).at, 'encoding', name];
    const values = { before: showValue(before), after: showValue(after) };
    return [
      {
        kind: `${direction}-encoding-changed`,
        at,
        side,
        ...values,
        cause: `${name} ${canonical(before)}`,
      } as const,
    ];
  });
}

function swap(
  { direction }: SchemaComparer,
  manner: 'added' | 'removed' | 'changed',
  was: Media | undefined,
  is: Media | undefined,
): Finding {
  return {
    kind: `${direction}-media-type-${manner}`,
    at: (is ?? was)?.at ?? [],
    side: is === undefined ? 'before' : 'after',
    before: was?.type ?? null,
    after: is?.type ?? null,
    cause: `${was?.type} ${is?.type}`,
  };
}
