import { isRecord } from '../../util/is-record.js';
import { compareText } from './compare-docs.js';
import { docsOf } from './docs.js';
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
): readonly Finding[] {
  const a = mediaOf(before, at);
  const b = mediaOf(after, at);
  const gone = [...a.values()].filter(({ type }) => !b.has(type));
  const fresh = [...b.values()].filter(({ type }) => !a.has(type));
  const kept = [...a.values()].flatMap((was) => {
    const is = b.get(was.type);
    return is === undefined ? [] : compareMedia(comparer, was, is);
  });
  const [was, is] = [gone[0], fresh[0]];
  if (was !== undefined && is !== undefined && gone.length === 1 && fresh.length === 1) {
    return [...kept, swap(comparer, 'changed', was, is), ...compareMedia(comparer, was, is)];
  }
  return [
    ...kept,
    ...gone.map((each) => swap(comparer, 'removed', each, undefined)),
    ...fresh.map((each) => swap(comparer, 'added', undefined, each)),
  ];
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
  return [...comparer.compare(a ?? [], b ?? []), ...prose];
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
