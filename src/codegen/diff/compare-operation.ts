import { compareContent } from './compare-content.js';
import { compareText } from './compare-docs.js';
import { compareCallbacks, compareInbound } from './compare-inbound.js';
import { compareParameters, type OperationFinding } from './compare-parameters.js';
import { compareResponses } from './compare-responses.js';
import { type Operation, type OperationPair, pathNames, pathTemplate } from './pair-operations.js';
import { compareSecurity, compareServers } from './security.js';
import { showValue } from './show.js';
import type { Direction, Finding, Json, Placed, SchemaComparer } from './types.js';

/** The comparers of what a caller sends and of what it receives. */
export type Comparers = Readonly<Record<Direction, SchemaComparer>>;

/** Everything that happened to one operation. */
export function compareOperation(comparers: Comparers, { before, after }: OperationPair): OperationFinding[] {
  if (before === undefined) return after === undefined ? [] : [whole('operation-added', undefined, after)];
  if (after === undefined) return [whole('operation-removed', before, undefined)];
  if (before.isInbound && after.isInbound)
    return [
      ...compareInbound(comparers, before.node, after.node, []),
      ...compareNotices(before, after),
      ...compareProse(before, after),
    ];
  const { before: viewBefore, after: viewAfter } = comparers.request;
  return [
    ...compareIdentity(before, after),
    ...compareNotices(before, after),
    ...compareServers(viewBefore, viewAfter, before, after),
    ...compareSecurity(viewBefore, viewAfter, before, after),
    ...compareParameters(comparers.request, before, after),
    ...compareBodies(comparers.request, before, after),
    ...compareResponses(comparers.response, before, after),
    ...compareCallbacks(comparers, before, after),
    ...compareProse(before, after),
  ];
}

function whole(kind: string, was: Operation | undefined, is: Operation | undefined): Finding {
  const operation = is ?? was;
  const call = `${operation?.method} ${operation?.path}`;
  const values = { before: was === undefined ? null : call, after: is === undefined ? null : call };
  const side = is === undefined ? 'before' : 'after';
  return { kind, at: [], side, ...values, cause: `${operation?.id} ${call}` };
}

function compareIdentity(was: Operation, is: Operation): Finding[] {
  const findings: Finding[] = [];
  const add = (kind: string, before: string, after: string) =>
    findings.push({ kind, at: [], side: 'after', before, after, cause: `${before} ${after}` });
  if (was.id !== is.id) add('operation-renamed', was.id, is.id);
  // Another name for a path parameter is told with the parameters.
  if (was.method !== is.method || pathTemplate(was.path) !== pathTemplate(is.path)) {
    add('operation-moved', `${was.method} ${was.path}`, `${is.method} ${is.path}`);
  } else if (areReordered(pathNames(was.path), pathNames(is.path))) {
    add('operation-reordered', was.path, is.path);
  }
  return findings;
}

/** Whether the same names stand in another order, so that the values of a written URL mean something else. */
function areReordered(was: readonly string[], is: readonly string[]): boolean {
  return was.join() !== is.join() && [...was].sort().join() === [...is].sort().join();
}

/** What is said in time of an operation that will go: that it is deprecated, and the date on which it ends. */
function compareNotices({ node: was }: Operation, { node: is }: Operation): Finding[] {
  const [deprecatedBefore, deprecatedAfter] = [was, is].map(({ deprecated }) => deprecated === true);
  const [sunsetBefore, sunsetAfter] = [was, is].map((node) => showValue(node['x-sunset']));
  const show = (deprecated: boolean | undefined, sunset: string | null | undefined) =>
    [deprecated ? 'deprecated' : '', sunset ? `sunset ${sunset}` : ''].filter(Boolean).join(', ') || null;
  const [before, after] = [show(deprecatedBefore, sunsetBefore), show(deprecatedAfter, sunsetAfter)];
  if (before === after) return [];
  const note = (kind: string, name: string): Finding[] => [
    {
      kind,
      at: [name],
      side: is[name] === undefined ? 'before' : 'after',
      before,
      after,
      cause: `${before} ${after}`,
    },
  ];
  if (sunsetBefore !== sunsetAfter) {
    if (sunsetAfter === null) return note('operation-sunset-lifted', 'x-sunset');
    return note(sunsetBefore === null ? 'operation-sunset' : 'operation-sunset-changed', 'x-sunset');
  }
  return note(deprecatedAfter ? 'operation-deprecated' : 'operation-restored', 'deprecated');
}

function compareBodies(comparer: SchemaComparer, before: Operation, after: Operation): readonly Finding[] {
  const at = ['requestBody'];
  const was = bodyOf(comparer.before.resolve(before.node.requestBody));
  const is = bodyOf(comparer.after.resolve(after.node.requestBody));
  if (was === undefined && is === undefined) return [];
  const words = (body: Json | undefined) =>
    body === undefined ? 'no body' : body.required === true ? 'required' : 'optional';
  const values = { before: words(was), after: words(is) };
  const note = (manner: string, side: Finding['side']): Finding => ({
    kind: `request-body-${manner}`,
    at,
    side,
    ...values,
    cause: manner,
  });
  if (is === undefined || was === undefined) {
    if (is === undefined) return [note('removed', 'before')];
    return [note(is.required === true ? 'added-required' : 'added', 'after')];
  }
  const changed = values.before === values.after ? [] : [note(`became-${values.after}`, 'after')];
  const prose = compareText('description', textOf(was, at, 'description'), textOf(is, at, 'description'));
  return [...changed, ...compareContent(comparer, was, is, at), ...prose];
}

function bodyOf(node: Json): Json | undefined {
  return node.content === undefined ? undefined : node;
}

function compareProse({ node: was }: Operation, { node: is }: Operation): Finding[] {
  return ['summary', 'description', 'tags', 'externalDocs'].flatMap((name) =>
    compareText(name, textOf(was, [], name), textOf(is, [], name)),
  );
}

function textOf(node: Json, at: readonly string[], name: string): Placed<unknown> | undefined {
  const value = node[name];
  return value === undefined || value === false ? undefined : { value, at: [...at, name] };
}
