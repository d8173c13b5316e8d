import { templateOf } from '../../openapi/normalize/path-templates.js';
import { compareContent } from './compare-content.js';
import { compareCallbacks, compareInbound } from './compare-inbound.js';
import { compareParameters } from './compare-parameters.js';
import { compareResponses } from './compare-responses.js';
import { compareDocs, docsOf } from './docs.js';
import { addedOrRemoved, compareRequired } from './findings.js';
import { type Operation, type OperationPair, pathNames } from './pair-operations.js';
import { compareSecurity, compareServers } from './security.js';
import { showValue } from './show.js';
import type { Comparers, Finding, Json, SchemaComparer } from './types.js';

/** Compares one operation in two documents. */
export function compareOperation(comparers: Comparers, { before, after }: OperationPair): Finding[] {
  if (before === undefined || after === undefined) {
    const [was = null, is = null] = [before, after].map((one) => one && `${one.method} ${one.path}`);
    const cause = `${(after ?? before)?.id} ${is ?? was}`;
    return [addedOrRemoved('operation', was, is, { at: [], cause })];
  }
  const docs = ({ node }: Operation) =>
    docsOf([{ node, at: [] }], ['summary', 'description', 'tags', 'externalDocs']);
  const notices = compareNotices(before.node, after.node);
  const prose = compareDocs(docs(before), docs(after));
  if (before.isInbound && after.isInbound)
    return [...compareInbound(comparers, before.node, after.node, []), ...notices, ...prose];
  const { before: viewBefore, after: viewAfter } = comparers.request;
  return [
    ...compareIdentity(before, after),
    ...notices,
    ...compareServers(viewBefore, viewAfter, before, after),
    ...compareSecurity(viewBefore, viewAfter, before, after),
    ...compareParameters(comparers.request, before, after),
    ...compareRequestBody(comparers.request, before, after),
    ...compareResponses(comparers.response, before, after),
    ...compareCallbacks(comparers, before, after),
    ...prose,
  ];
}

/** Compares id, method and path. Another name for a path parameter belongs to the parameters. */
function compareIdentity(was: Operation, is: Operation): Finding[] {
  const change = (kind: string, before: string, after: string): Finding[] => [
    { kind, at: [], before, after, cause: `${before} ${after}` },
  ];
  const renamed = was.id === is.id ? [] : change('operation-renamed', was.id, is.id);
  if (was.method !== is.method || templateOf(was.path) !== templateOf(is.path))
    return [...renamed, ...change('operation-moved', `${was.method} ${was.path}`, `${is.method} ${is.path}`)];
  const [a, b] = [pathNames(was.path), pathNames(is.path)];
  // The same names in another order: the values of a written URL mean something else.
  const isReordered = a.join() !== b.join() && a.sort().join() === b.sort().join();
  return [...renamed, ...(isReordered ? change('operation-reordered', was.path, is.path) : [])];
}

/** Compares the notices that an operation will go: that it is deprecated, and the date on which it ends. */
function compareNotices(was: Json, is: Json): Finding[] {
  const [wasDeprecated, isDeprecated] = [was.deprecated === true, is.deprecated === true];
  const [sunsetBefore, sunsetAfter] = [showValue(was['x-sunset']), showValue(is['x-sunset'])];
  const show = (deprecated: boolean, sunset: string | null) =>
    [deprecated && 'deprecated', sunset && `sunset ${sunset}`].filter(Boolean).join(', ') || null;
  const [before, after] = [show(wasDeprecated, sunsetBefore), show(isDeprecated, sunsetAfter)];
  if (before === after) return [];
  const change = (kind: string, name: string): Finding[] => {
    const finding = { kind, at: [name], before, after, cause: `${before} ${after}` };
    return [is[name] === undefined ? { ...finding, side: 'before' } : finding];
  };
  if (sunsetBefore === sunsetAfter)
    return change(isDeprecated ? 'operation-deprecated' : 'operation-restored', 'deprecated');
  if (sunsetAfter === null) return change('operation-sunset-lifted', 'x-sunset');
  return change(sunsetBefore === null ? 'operation-sunset' : 'operation-sunset-changed', 'x-sunset');
}

function compareRequestBody(
  comparer: SchemaComparer,
  before: Operation,
  after: Operation,
): readonly Finding[] {
  const at = ['requestBody'];
  const was = comparer.before.resolve(before.node.requestBody);
  const is = comparer.after.resolve(after.node.requestBody);
  const isRequired = is.required === true;
  if (was.content !== undefined && is.content !== undefined) {
    const docs = (node: Json) => docsOf([{ node, at }], ['description']);
    return [
      ...compareRequired('request-body', was.required === true, isRequired, { at, cause: '' }),
      ...compareContent(comparer, was, is, at),
      ...compareDocs(docs(was), docs(is)),
    ];
  }
  if (was.content === is.content) return [];
  const word = ({ content, required }: Json) => {
    if (content === undefined) return 'no body';
    return required === true ? 'required' : 'optional';
  };
  const change = { at, before: word(was), after: word(is), cause: '' };
  if (is.content === undefined) return [{ kind: 'request-body-removed', side: 'before', ...change }];
  return [{ kind: `request-body-added${isRequired ? '-required' : ''}`, ...change }];
}
