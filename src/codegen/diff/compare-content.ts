import { essenceOf } from '../../openapi/media-types.js';
import { compareDocs, docsOf } from './docs.js';
import { addedOrRemoved, compareByKey } from './findings.js';
import { canonical, recordOf, schemaAt } from './nodes.js';
import { showValue } from './show.js';
import type { Finding, Json, SchemaComparer, Segments } from './types.js';

interface Media {
  readonly type: string;
  readonly node: Json;
  readonly at: Segments;
}

/** Compares the media types of a body, and the schema of each. One that took another's place is a changed type. */
export function compareContent(
  comparer: SchemaComparer,
  before: Json,
  after: Json,
  at: Segments,
  atBefore: Segments = at,
): readonly Finding[] {
  // A caller may have sent any type of a narrower range.
  const isVague = (media: Media) =>
    comparer.direction === 'request' ? media.type === '*/*' : hasWildcard(media);
  const a = mediaOf(before, atBefore);
  const b = mediaOf(after, at);
  const kept = [...a.values()].flatMap((was): Array<[Media, Media]> => {
    const is =
      b.get(was.type) ?? (isVague(was) ? [...b.values()].find((each) => covers(was, each)) : undefined);
    return is === undefined ? [] : [[was, is]];
  });
  const paired = new Set(kept.flat());
  const gone = [...a.values()].filter((media) => !paired.has(media));
  // "Any type" that came to be one of them says what it was all along.
  const fresh = [...b.values()].filter(
    (media) => !paired.has(media) && !kept.some(([was]) => isVague(was) && covers(was, media)),
  );
  const findings = kept.flatMap(([was, is]) => compareMedia(comparer, was, is));
  const subject = `${comparer.direction}-media-type`;
  const added = (is: Media) => addedOrRemoved(subject, null, is.type, { at: is.at, cause: is.type });
  const removed = (was: Media) => addedOrRemoved(subject, was.type, null, { at: was.at, cause: was.type });
  const [was, is] = [gone[0], fresh[0]];
  if (was === undefined || is === undefined || gone.length > 1 || fresh.length > 1)
    return [...findings, ...gone.map(removed), ...fresh.map(added)];
  const changed = { kind: `${subject}-changed`, at: is.at, before: was.type, after: is.type };
  const swap = covers(is, was) ? added(is) : { ...changed, cause: `${was.type} ${is.type}` };
  return [...findings, swap, ...compareMedia(comparer, was, is)];
}

function hasWildcard({ type }: Media): boolean {
  return type.endsWith('/*');
}

/** Tells whether a range of media types has another in it. */
function covers(range: Media, { type }: Media): boolean {
  return range.type === '*/*' || (hasWildcard(range) && type.startsWith(range.type.slice(0, -1)));
}

/** Returns the media types that a body may have, without parameters such as the charset. */
function mediaOf(holder: Json, at: Segments): Map<string, Media> {
  return new Map(
    Object.entries(recordOf(holder.content)).map(([key, node]) => {
      const type = essenceOf(key);
      return [type, { type, node: recordOf(node), at: [...at, 'content', key] }] as const;
    }),
  );
}

/** Compares a body in one media type: its schema, the encoding of each property of a form, and examples. */
function compareMedia(comparer: SchemaComparer, was: Media, is: Media): Finding[] {
  const schemaOf = ({ node, at }: Media) => schemaAt(node.schema, [...at, 'schema']);
  const encodingOf = ({ node }: Media) => new Map(Object.entries(recordOf(node.encoding)));
  const docs = (media: Media) => docsOf([media], ['example', 'examples']);
  const encoding = compareByKey(encodingOf(was), encodingOf(is), (name, before, after) => {
    if (canonical(before) === canonical(after)) return [];
    const place = ['encoding', name];
    const change = {
      kind: `${comparer.direction}-encoding-changed`,
      before: showValue(before),
      after: showValue(after),
      cause: `${name} ${canonical(before)}`,
    };
    if (after === undefined) return [{ ...change, at: [...was.at, ...place], side: 'before' }];
    return [{ ...change, at: [...is.at, ...place] }];
  });
  return [...comparer.compare(schemaOf(was), schemaOf(is)), ...encoding, ...compareDocs(docs(was), docs(is))];
}

/** Compares the content of a body that comes back, and whether there is one. */
export function compareReceivedBody(
  comparer: SchemaComparer,
  before: Json,
  after: Json,
  { at, atBefore, cause }: { readonly at: Segments; readonly atBefore?: Segments; readonly cause: string },
): readonly Finding[] {
  const hasContent = ({ content }: Json) => Object.keys(recordOf(content)).length > 0;
  const [had, has] = [hasContent(before), hasContent(after)];
  if (had === has) return compareContent(comparer, before, after, at, atBefore);
  const word = (isThere: boolean) => (isThere ? 'a body' : 'no body');
  const place = { at: [...at, 'content'], before: word(had), after: word(has), cause };
  return [
    has
      ? { kind: 'response-body-added', ...place }
      : { kind: 'response-body-removed', side: 'before', ...place },
  ];
}
