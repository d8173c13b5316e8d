import { isRecord } from '../../util/is-record.js';
import { compareContent, mediaOf } from './compare-content.js';
import type { Operation } from './pair-operations.js';
import { METHOD_KEYS } from './pair-operations.js';
import type { Direction, Finding, Json, SchemaComparer, Segments } from './types.js';

type Comparers = Readonly<Record<Direction, SchemaComparer>>;

/**
 * Compares a request that the API sends, a webhook or a callback: its body is received like a response, and what is answered
 * is sent like a request.
 */
export function compareInbound(comparers: Comparers, was: Json, is: Json, at: Segments): Finding[] {
  const { before, after } = comparers.response;
  const [a, b] = [before.resolve(was.requestBody), after.resolve(is.requestBody)];
  const place = [...at, 'requestBody'];
  const statuses = Object.keys(isRecord(was.responses) ? was.responses : {});
  const answers = statuses.flatMap((status) => {
    const [one, other] = [
      before.resolve(Object(was.responses)[status]),
      after.resolve(Object(is.responses)[status]),
    ];
    return compareContent(comparers.request, one, other, [...at, 'responses', status]);
  });
  return [...compareBody(comparers.response, a, b, place), ...answers];
}

function compareBody(comparer: SchemaComparer, was: Json, is: Json, at: Segments): readonly Finding[] {
  const [had, has] = [mediaOf(was, at).size > 0, mediaOf(is, at).size > 0];
  if (had === has) return compareContent(comparer, was, is, at);
  const words = (present: boolean) => (present ? 'a body' : 'no body');
  const kind = `response-body-${has ? 'added' : 'removed'}`;
  return [
    { kind, at, side: has ? 'after' : 'before', before: words(had), after: words(has), cause: 'inbound' },
  ];
}

/** The requests that an operation makes the API send. */
export function compareCallbacks(comparers: Comparers, before: Operation, after: Operation): Finding[] {
  const { before: viewBefore, after: viewAfter } = comparers.response;
  const a = callbacksOf(viewBefore.resolve, before.node);
  const b = callbacksOf(viewAfter.resolve, after.node);
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key): Finding[] => {
    const [was, is] = [a.get(key), b.get(key)];
    if (was !== undefined && is !== undefined) return compareInbound(comparers, was.node, is.node, is.at);
    const { at = [] } = is ?? was ?? {};
    const side = is === undefined ? 'before' : 'after';
    const values = { before: was && key, after: is && key };
    const kind = `callback-${is === undefined ? 'removed' : 'added'}`;
    return [{ kind, at, side, before: values.before ?? null, after: values.after ?? null, cause: key }];
  });
}

interface Callback {
  readonly node: Json;
  readonly at: Segments;
}

function callbacksOf(resolve: (node: unknown) => Json, { callbacks }: Json): Map<string, Callback> {
  const found = new Map<string, Callback>();
  for (const [name, entry] of Object.entries(isRecord(callbacks) ? callbacks : {})) {
    for (const [expression, item] of Object.entries(resolve(entry))) {
      for (const [method, node] of Object.entries(resolve(item))) {
        if (!METHOD_KEYS.has(method) || !isRecord(node)) continue;
        const at = ['callbacks', name, expression, method];
        found.set(`${name} ${method.toUpperCase()} ${expression}`, { node, at });
      }
    }
  }
  return found;
}
