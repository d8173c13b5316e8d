import { compareReceivedBody } from './compare-content.js';
import { compareDocs, docsOf } from './docs.js';
import { addedOrRemoved, compareByKey, compareRequired } from './findings.js';
import { recordOf, schemaAt } from './nodes.js';
import type { Operation } from './pair-operations.js';
import type { Finding, Json, SchemaComparer, Segments, View } from './types.js';

/** Compares the responses of an operation, status by status. */
export function compareResponses(comparer: SchemaComparer, before: Operation, after: Operation): Finding[] {
  const a = responsesOf(comparer.before, before);
  const b = responsesOf(comparer.after, after);
  const hadSuccess = [...a.keys()].some((status) => isSuccess(status, a));
  return pairStatuses(a, b).flatMap(([was, is]) => {
    const isError = !isSuccess(was, a) && !isSuccess(is, b);
    return compareResponse(comparer, [was, a.get(was ?? '')], [is, b.get(is ?? '')]).map((finding) => {
      // The old document named no success, so the new status is the first one.
      const isFirst = finding.kind === 'response-status-added' && !isError && !hadSuccess;
      return { ...finding, ...(isFirst && { kind: 'response-success-added' }), isError };
    });
  });
}

/** Returns the responses by status, in upper case: `200`, `2XX`, `DEFAULT`. */
function responsesOf(view: View, { node }: Operation): Map<string, Json> {
  const known = Object.entries(recordOf(node.responses)).filter(([status]) => !status.startsWith('x-'));
  return new Map(known.map(([status, response]) => [status.toUpperCase(), view.resolve(response)]));
}

/** Tells whether a response is a success: a 2xx, or `default` where no other success is described. */
function isSuccess(status: string | undefined, responses: ReadonlyMap<string, Json>): boolean {
  if (status === 'DEFAULT') return ![...responses.keys()].some((each) => each.startsWith('2'));
  return status?.startsWith('2') === true;
}

type StatusPair = readonly [was: string | undefined, is: string | undefined];

/** Pairs the same status in both; else with the range that it belongs to, or the `default` that is the only success. */
function pairStatuses(a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): StatusPair[] {
  const wider = (status: string, others: ReadonlyMap<string, Json>) => {
    const range = `${status[0]}XX`;
    if (others.has(range)) return range;
    const isDefault = status.startsWith('2') && others.has('DEFAULT') && isSuccess('DEFAULT', others);
    return isDefault ? 'DEFAULT' : undefined;
  };
  const ofBefore = [...a.keys()].map((was): StatusPair => [was, b.has(was) ? was : wider(was, b)]);
  const ofAfter = [...b.keys()]
    .filter((status) => !a.has(status))
    .map((is): StatusPair => [wider(is, a), is]);
  const covered = new Set(ofAfter.map(([was]) => was));
  const named = new Set(ofBefore.map(([, is]) => is));
  // A range that came to be one of its statuses, or the other way about, has been paired with it.
  return [
    ...ofBefore.filter(([was, is]) => is !== undefined || !covered.has(was)),
    ...ofAfter.filter(([was, is]) => was !== undefined || !named.has(is)),
  ];
}

function compareResponse(
  comparer: SchemaComparer,
  [statusBefore, was]: readonly [string | undefined, Json | undefined],
  [statusAfter, is]: readonly [string | undefined, Json | undefined],
): Finding[] {
  const status = statusAfter ?? statusBefore ?? '';
  const placeOf = (each: string) => ['responses', each === 'DEFAULT' ? 'default' : each];
  const [at, atBefore] = [placeOf(status), placeOf(statusBefore ?? '')];
  const where = { at, cause: status };
  if (was === undefined || is === undefined)
    return [addedOrRemoved('response-status', statusBefore ?? null, statusAfter ?? null, where)];
  // One status became a range that it is only a part of.
  const isWider =
    status !== statusBefore && /XX$|^DEFAULT$/.test(status) && /^\d{3}$/.test(statusBefore ?? '');
  const added = { kind: 'response-status-added', before: statusBefore ?? null, after: status, ...where };
  const docs = (node: Json) => docsOf([{ node, at }], ['description']);
  return [
    ...(isWider ? [added] : []),
    ...compareReceivedBody(comparer, was, is, { at, atBefore, cause: status }),
    ...compareHeaders(comparer, was, is, [...at, 'headers']),
    ...compareDocs(docs(was), docs(is)),
  ];
}

/** Compares the headers of a response, whose names come in any case. */
function compareHeaders(comparer: SchemaComparer, was: Json, is: Json, at: Segments): Finding[] {
  const headersOf = ({ headers }: Json) =>
    new Map(Object.entries(recordOf(headers)).map(([name, node]) => [name.toLowerCase(), { name, node }]));
  return compareByKey(headersOf(was), headersOf(is), (key, before, after) => {
    const where = { at: [...at, (after ?? before)?.name ?? key], cause: key };
    if (before === undefined || after === undefined)
      return [addedOrRemoved('response-header', before?.name ?? null, after?.name ?? null, where)];
    const [one, other] = [comparer.before.resolve(before.node), comparer.after.resolve(after.node)];
    return [
      ...compareRequired('response-header', one.required === true, other.required === true, where),
      ...comparer.compare(
        schemaAt(one.schema, [...at, before.name, 'schema']),
        schemaAt(other.schema, [...at, after.name, 'schema']),
      ),
    ];
  });
}
