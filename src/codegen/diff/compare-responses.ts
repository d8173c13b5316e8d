import { isRecord } from '../../util/is-record.js';
import { compareContent, mediaOf } from './compare-content.js';
import { compareText } from './compare-docs.js';
import type { OperationFinding } from './compare-parameters.js';
import { docsOf } from './docs.js';
import type { Operation } from './pair-operations.js';
import { schemaAt } from './to-node.js';
import type { Finding, Json, SchemaComparer, View } from './types.js';

/** The answers of an operation, status by status. */
export function compareResponses(
  comparer: SchemaComparer,
  before: Operation,
  after: Operation,
): OperationFinding[] {
  const a = responsesOf(comparer.before, before);
  const b = responsesOf(comparer.after, after);
  const hadSuccess = [...a.keys()].some((status) => isSuccess(status, a));
  return pairStatuses(a, b).flatMap(([was, is]) => {
    const isError = ![was, is].some(
      (status, index) => status !== undefined && isSuccess(status, index === 0 ? a : b),
    );
    const findings = compareResponse(comparer, [was, a.get(was ?? '')], [is, b.get(is ?? '')]);
    return findings.map((finding) => ({
      ...finding,
      // The old document named no success, so the new status is the first one.
      ...(finding.kind === 'response-status-added' && !isError && !hadSuccess
        ? { kind: 'response-success-added' }
        : {}),
      isError,
    }));
  });
}

/** Whether a response is a success: a 2xx, or `default` where no other success is described. */
function isSuccess(status: string, responses: ReadonlyMap<string, Json>): boolean {
  if (status === 'DEFAULT') return ![...responses.keys()].some((each) => each.startsWith('2'));
  return status.startsWith('2');
}

type StatusPair = readonly [was: string | undefined, is: string | undefined];

/** The same status in both; else the range that it belongs to, or the `default` that is the only success. */
function pairStatuses(a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): StatusPair[] {
  const wider = (status: string, others: ReadonlyMap<string, Json>) => {
    const range = `${status[0]}XX`;
    if (others.has(range)) return range;
    return status.startsWith('2') && others.has('DEFAULT') && isSuccess('DEFAULT', others)
      ? 'DEFAULT'
      : undefined;
  };
  const ofBefore = [...a.keys()].map((status): StatusPair => {
    const is = b.has(status) ? status : wider(status, b);
    return [status, is];
  });
  const ofAfter = [...b.keys()]
    .filter((status) => !a.has(status))
    .map((status): StatusPair => [wider(status, a), status]);
  const covered = new Set(ofAfter.map(([was]) => was));
  const named = new Set(ofBefore.map(([, is]) => is));
  // A range that came to be one of its statuses, or the other way about, has been paired with it.
  return [
    ...ofBefore.filter(([was, is]) => is !== undefined || !covered.has(was)),
    ...ofAfter.filter(([was, is]) => was !== undefined || !named.has(is)),
  ];
}

function responsesOf(view: View, { node }: Operation): Map<string, Json> {
  const responses = isRecord(node.responses) ? node.responses : {};
  const known = Object.entries(responses).filter(([status]) => !status.startsWith('x-'));
  return new Map(known.map(([status, response]) => [status.toUpperCase(), view.resolve(response)]));
}

function compareResponse(
  comparer: SchemaComparer,
  [statusBefore, was]: readonly [string | undefined, Json | undefined],
  [statusAfter, is]: readonly [string | undefined, Json | undefined],
): Finding[] {
  const status = statusAfter ?? statusBefore ?? '';
  const at = placeOf(status);
  if (was === undefined || is === undefined) {
    const side = is === undefined ? 'before' : 'after';
    const kind = `response-status-${side === 'before' ? 'removed' : 'added'}`;
    const values = { before: statusBefore ?? null, after: statusAfter ?? null };
    return [{ kind, at, side, ...values, cause: status }];
  }
  const widened: Finding[] = isWider(status, statusBefore)
    ? [
        {
          kind: 'response-status-added',
          at,
          side: 'after',
          before: statusBefore ?? null,
          after: status,
          cause: status,
        },
      ]
    : [];
  const [bodyBefore, bodyAfter] = [mediaOf(was, at).size > 0, mediaOf(is, at).size > 0];
  const body =
    bodyBefore === bodyAfter
      ? compareContent(comparer, was, is, at, placeOf(statusBefore ?? ''))
      : [bodyChange(bodyAfter, status, [...at, 'content'])];
  const prose = compareText(
    'description',
    docsOf([{ node: was, at }]).get('description'),
    docsOf([{ node: is, at }]).get('description'),
  );
  return [...widened, ...body, ...compareHeaders(comparer, was, is, at), ...prose];
}

function placeOf(status: string): string[] {
  return ['responses', status === 'DEFAULT' ? 'default' : status];
}

/** Whether one status became a range that it is only a part of. */
function isWider(status: string, before: string | undefined): boolean {
  return before !== undefined && before !== status && /XX$|^DEFAULT$/.test(status) && /^\d{3}$/.test(before);
}

function bodyChange(isThere: boolean, status: string, at: readonly string[]): Finding {
  const words = (present: boolean) => (present ? 'a body' : 'no body');
  return {
    kind: `response-body-${isThere ? 'added' : 'removed'}`,
    at,
    side: isThere ? 'after' : 'before',
    before: words(!isThere),
    after: words(isThere),
    cause: status,
  };
}

function compareHeaders(comparer: SchemaComparer, was: Json, is: Json, at: readonly string[]): Finding[] {
  const a = headersOf(comparer.before, was);
  const b = headersOf(comparer.after, is);
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key): readonly Finding[] => {
    const [before, after] = [a.get(key), b.get(key)];
    const place = [...at, 'headers', (after ?? before)?.name ?? key];
    if (before !== undefined && after !== undefined) {
      const placeBefore = [...at, 'headers', before.name, 'schema'];
      const inner = comparer.compare(
        schemaAt(before.node.schema, placeBefore),
        schemaAt(after.node.schema, [...place, 'schema']),
      );
      const [wasRequired, isRequired] = [before, after].map(({ node }) => node.required === true);
      if (wasRequired === isRequired) return inner;
      const words = (required: boolean | undefined) => (required ? 'required' : 'optional');
      const kind = `response-header-became-${words(isRequired)}`;
      const values = { before: words(wasRequired), after: words(isRequired) };
      return [{ kind, at: place, side: 'after', ...values, cause: key }, ...inner];
    }
    const side = after === undefined ? 'before' : 'after';
    const values = { before: before?.name ?? null, after: after?.name ?? null };
    const kind = `response-header-${side === 'before' ? 'removed' : 'added'}`;
    return [{ kind, at: place, side, ...values, cause: key }];
  });
}

function headersOf(view: View, response: Json): Map<string, { name: string; node: Json }> {
  const headers = isRecord(response.headers) ? response.headers : {};
  return new Map(
    Object.entries(headers).map(([name, node]) => [name.toLowerCase(), { name, node: view.resolve(node) }]),
  );
}
