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
  const statuses = new Set([...a.keys(), ...b.keys()]);
  const hadSuccess = [...a.keys()].some((status) => status.startsWith('2'));
  return [...statuses].flatMap((status) => {
    const isError = !/^2/.test(status);
    const findings = compareResponse(comparer, status, a.get(status), b.get(status));
    return findings.map((finding) => ({
      ...finding,
      // Where no success was told of, nobody tells it from another.
      ...(finding.kind === 'response-status-added' && !isError && !hadSuccess
        ? { kind: 'response-success-added' }
        : {}),
      isError,
    }));
  });
}

function responsesOf(view: View, { node }: Operation): Map<string, Json> {
  const responses = isRecord(node.responses) ? node.responses : {};
  const known = Object.entries(responses).filter(([status]) => !status.startsWith('x-'));
  return new Map(known.map(([status, response]) => [status.toUpperCase(), view.resolve(response)]));
}

function compareResponse(
  comparer: SchemaComparer,
  status: string,
  was: Json | undefined,
  is: Json | undefined,
): Finding[] {
  const at = ['responses', status === 'DEFAULT' ? 'default' : status];
  if (was === undefined || is === undefined) {
    const side = is === undefined ? 'before' : 'after';
    const kind = `response-status-${side === 'before' ? 'removed' : 'added'}`;
    const values = { before: was && status, after: is && status };
    return [{ kind, at, side, before: values.before ?? null, after: values.after ?? null, cause: status }];
  }
  const [bodyBefore, bodyAfter] = [mediaOf(was, at).size > 0, mediaOf(is, at).size > 0];
  const body =
    bodyBefore === bodyAfter
      ? compareContent(comparer, was, is, at)
      : [bodyChange(bodyAfter, status, [...at, 'content'])];
  const prose = compareText(
    'description',
    docsOf([{ node: was, at }]).get('description'),
    docsOf([{ node: is, at }]).get('description'),
  );
  return [...body, ...compareHeaders(comparer, was, is, at), ...prose];
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
      return comparer.compare(
        schemaAt(before.node.schema, placeBefore),
        schemaAt(after.node.schema, [...place, 'schema']),
      );
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
