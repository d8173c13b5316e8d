import { compareText } from './compare-docs.js';
import { docsOf } from './docs.js';
import { canonical } from './interner.js';
import { type Operation, pathNames } from './pair-operations.js';
import { type Parameter, parametersOf } from './parameters.js';
import { showSchema } from './show.js';
import type { Finding, SchemaComparer, View } from './types.js';

/** A change of an operation, with what only the operation knows about it. */
export interface OperationFinding extends Finding {
  /** How the parameter is called that it is about. */
  readonly parameter?: string;
  /** It is about an answer other than 2xx. */
  readonly isError?: boolean;
}

/** Parameters by place and name; a path parameter that only got another name stays the same one. */
export function compareParameters(
  comparer: SchemaComparer,
  before: Operation,
  after: Operation,
): OperationFinding[] {
  const a = parametersOf(comparer.before, before);
  const b = parametersOf(comparer.after, after);
  const pairs = [...a].map(([key, was]) => ({ was, is: takeOut(b, key) }));
  const gone = pairs.filter(({ is }) => is === undefined).map(({ was }) => was);
  const renamed = pairUp(gone, b, (was, is) => isSamePlace(before, after, was, is));
  const displaced = pairUp(gone, b, (was, is) => was.name === is.name);
  return [
    ...pairs.flatMap(({ was, is }) => (is === undefined ? [] : compareParameter(comparer, was, is))),
    ...renamed.flatMap(([was, is]) => [
      change('parameter-renamed', is, was.name, is.name),
      ...compareParameter(comparer, was, is),
    ]),
    ...displaced.flatMap(([was, is]) => [
      change('parameter-moved', is, `in ${was.location}`, `in ${is.location}`),
      ...compareParameter(comparer, was, is),
    ]),
    ...gone.map((was) => removed(comparer.before, was)),
    ...[...b.values()].map((is) => added(comparer.after, is)),
  ];
}

function takeOut(parameters: Map<string, Parameter>, key: string): Parameter | undefined {
  const parameter = parameters.get(key);
  parameters.delete(key);
  return parameter;
}

/** Takes pairs out of both sides. */
function pairUp(
  gone: Parameter[],
  fresh: Map<string, Parameter>,
  fits: (was: Parameter, is: Parameter) => boolean,
): Array<[Parameter, Parameter]> {
  const pairs: Array<[Parameter, Parameter]> = [];
  for (const was of [...gone]) {
    const match = [...fresh].find(([, is]) => fits(was, is));
    if (match === undefined) continue;
    fresh.delete(match[0]);
    gone.splice(gone.indexOf(was), 1);
    pairs.push([was, match[1]]);
  }
  return pairs;
}

function isSamePlace(before: Operation, after: Operation, was: Parameter, is: Parameter): boolean {
  if (was.location !== 'path' || is.location !== 'path') return false;
  const [a, b] = [pathNames(before.path), pathNames(after.path)];
  return a.length === b.length && a.indexOf(was.name) === b.indexOf(is.name) && a.includes(was.name);
}

function compareParameter(comparer: SchemaComparer, was: Parameter, is: Parameter): OperationFinding[] {
  const findings: OperationFinding[] = [];
  if (was.required !== is.required) {
    const words = (required: boolean) => (required ? 'required' : 'optional');
    const kind = `parameter-became-${words(is.required)}`;
    findings.push(change(kind, is, words(was.required), words(is.required)));
  }
  // A style that only a guess of ours gives says nothing about one that is in the document.
  if (was.style !== is.style && was.location === is.location) {
    findings.push(change('parameter-style-changed', is, was.style, is.style));
  }
  const inner = [...comparer.compare(was.schema, is.schema), ...compareProse(was, is)];
  return [...findings, ...inner.map((finding) => aboutParameter(finding, is))];
}

/** The schema says its own; the parameter's description, examples and flag are beside it. */
function compareProse(was: Parameter, is: Parameter): Finding[] {
  const [a, b] = [was, is].map(({ node, at }) => docsOf([{ node, at }]));
  if (was.at.length === 0 || is.at.length === 0) return [];
  const names = new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])]);
  return [...names].flatMap((name) => compareText(name, a?.get(name), b?.get(name)));
}

function aboutParameter(finding: Finding, parameter: Parameter): OperationFinding {
  const { lacks, ...rest } = finding;
  const label = labelOf(parameter);
  return { ...rest, parameter: label, cause: lacks === undefined ? rest.cause : `${rest.cause} of ${label}` };
}

function change(kind: string, is: Parameter, before: string, after: string): OperationFinding {
  const label = labelOf(is);
  return { kind, at: is.at, side: 'after', before, after, cause: label, parameter: label };
}

function removed(view: View, parameter: Parameter): OperationFinding {
  return {
    kind: 'parameter-removed',
    at: parameter.at,
    side: 'before',
    before: showSchema(view, parameter.schema),
    after: null,
    cause: `${labelOf(parameter)} ${canonical(view.ids(parameter.schema))}`,
    parameter: labelOf(parameter),
  };
}

function added(view: View, parameter: Parameter): OperationFinding {
  return {
    kind: parameter.required ? 'parameter-added-required' : 'parameter-added',
    at: parameter.at,
    side: 'after',
    before: null,
    after: showSchema(view, parameter.schema),
    cause: `${labelOf(parameter)} ${canonical(view.ids(parameter.schema))}`,
    parameter: labelOf(parameter),
  };
}

function labelOf({ location, name }: Parameter): string {
  // Back-ticks stand around the name alone, as in `nameOfPlace`.
  return `the ${location} parameter \`${name.replaceAll('`', "'")}\``;
}
