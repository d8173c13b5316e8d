import { stableName } from '../../openapi/artifact-name.js';
import { listOf } from '../../util/is-record.js';
import { compareDocs, docsOf } from './docs.js';
import { addedOrRemoved, compareRequired } from './findings.js';
import { recordOf, schemaAt } from './nodes.js';
import { type Operation, pathNames } from './pair-operations.js';
import { showSchema } from './show.js';
import type { Finding, Json, Schema, SchemaComparer, Segments, Shape, View } from './types.js';

/** A parameter of an operation and where it is. */
interface Parameter {
  readonly name: string;
  /** The parameter in words, e.g. "the query parameter `limit`". */
  readonly label: string;
  readonly location: string;
  readonly required: boolean;
  readonly node: Json;
  readonly at: Segments;
  readonly schema: Schema;
  /** The way in which its value is written into the request. */
  readonly style: string;
  /** The same for a value of one part, of which there is nothing to set apart. */
  readonly styleOfOne: string;
}

/** Compares parameters by place and name. A path parameter that only got another name stays the same one. */
export function compareParameters(comparer: SchemaComparer, before: Operation, after: Operation): Finding[] {
  const gone = parametersOf(comparer.before, before);
  const fresh = parametersOf(comparer.after, after);
  const takePairs = (find: (was: Parameter) => string | undefined): Array<[Parameter, Parameter]> =>
    [...gone.values()].flatMap((was): Array<[Parameter, Parameter]> => {
      const key = find(was) ?? '';
      const is = fresh.get(key);
      if (is === undefined) return [];
      gone.delete(keyOf(was));
      fresh.delete(key);
      return [[was, is]];
    });
  const [namesBefore, namesAfter] = [pathNames(before.path), pathNames(after.path)];
  const kept = takePairs(keyOf);
  const renamed = takePairs(({ name, location }) => {
    const place = namesBefore.indexOf(name);
    if (location !== 'path' || place === -1 || namesBefore.length !== namesAfter.length) return undefined;
    return keyOf({ name: namesAfter[place] ?? '', location });
  });
  const moved = takePairs(({ name }) => [...fresh].find(([, is]) => is.name === name)?.[0]);
  return [
    ...kept.flatMap(([was, is]) => compareParameter(comparer, was, is)),
    ...renamed.flatMap(([was, is]) => [
      change('parameter-renamed', is, was.name, is.name),
      ...compareParameter(comparer, was, is),
    ]),
    ...moved.flatMap(([was, is]) => [
      change('parameter-moved', is, `in ${was.location}`, `in ${is.location}`),
      ...compareParameter(comparer, was, is),
    ]),
    ...[...gone.values()].map((was) => ({
      ...addedOrRemoved(
        'parameter',
        showSchema(comparer.before, was.schema),
        null,
        whereOf(comparer.before, was),
      ),
      parameter: was.label,
    })),
    ...[...fresh.values()].map((is) => ({
      ...addedOrRemoved(
        'parameter',
        null,
        showSchema(comparer.after, is.schema),
        whereOf(comparer.after, is),
      ),
      ...(is.required && { kind: 'parameter-added-required' }),
      parameter: is.label,
    })),
  ];
}

function whereOf(view: View, { at, label, schema }: Parameter) {
  const { core, full, nullable } = view.ids(schema);
  return { at, cause: `${label} ${core} ${full} ${nullable}` };
}

function change(kind: string, { at, label }: Parameter, before: string, after: string): Finding {
  return { kind, at, before, after, cause: label, parameter: label };
}

/** Compares a parameter that both documents have. */
function compareParameter(comparer: SchemaComparer, was: Parameter, is: Parameter): Finding[] {
  const { at, label } = is;
  const required = compareRequired('parameter', was.required, is.required, { at, cause: label });
  const isOfOne = isScalar(comparer.before.shape(was.schema)) && isScalar(comparer.after.shape(is.schema));
  const [styleBefore, styleAfter] = isOfOne ? [was.styleOfOne, is.styleOfOne] : [was.style, is.style];
  const isStyled = styleBefore !== styleAfter && was.location === is.location;
  const style = isStyled ? [change('parameter-style-changed', is, was.style, is.style)] : [];
  // The schema has prose of its own. A parameter that is declared nowhere has none.
  const isDeclared = was.at.length > 0 && is.at.length > 0;
  const prose = isDeclared ? compareDocs(docsOf([was]), docsOf([is])) : [];
  const inner = [...comparer.compare(was.schema, is.schema), ...prose].map(({ lacks, ...finding }) => ({
    ...finding,
    cause: lacks === undefined ? finding.cause : `${finding.cause} of ${label}`,
  }));
  return [...required, ...style, ...inner].map((finding) => ({ ...finding, parameter: label }));
}

/** OpenAPI ignores these parameters: the media types of the bodies say what they are. */
const SAID_BY_BODIES: ReadonlySet<string> = new Set(['header accept', 'header content-type']);

const SCALARS: ReadonlySet<string | undefined> = new Set(['string', 'number', 'integer', 'boolean']);

function isScalar({ type }: Shape): boolean {
  return SCALARS.has(type);
}

/**
 * Lists the parameters of an operation: its own by their index, then those of its path, counted on from there.
 *
 * A name in the path that is declared nowhere is a parameter all the same.
 */
function parametersOf(view: View, { node, item, path }: Operation): Map<string, Parameter> {
  const declared = [...listOf(node.parameters), ...listOf(item.parameters)].map((parameter, index) =>
    readParameter(view.resolve(parameter), ['parameters', String(index)]),
  );
  const undeclared = pathNames(path).map((name) =>
    readParameter({ name, in: 'path', schema: { type: 'string' } }, []),
  );
  const parameters = new Map<string, Parameter>();
  for (const parameter of [...declared, ...undeclared]) {
    const key = keyOf(parameter);
    // The operation's own comes first and stands.
    if (!parameters.has(key) && !SAID_BY_BODIES.has(key)) parameters.set(key, parameter);
  }
  return parameters;
}

/** Names a parameter inside its operation; header names come in any case. */
function keyOf({ name, location }: Pick<Parameter, 'name' | 'location'>): string {
  return `${location} ${location === 'header' ? name.toLowerCase() : name}`;
}

function readParameter(node: Json, at: Segments): Parameter {
  const [name, location] = [stableName(String(node.name)), String(node.in)];
  const [media] = Object.entries(recordOf(node.content));
  const style = String(node.style ?? (location === 'query' || location === 'cookie' ? 'form' : 'simple'));
  const isExploded = (node.explode ?? style === 'form') === true;
  const isReserved = node.allowReserved === true && 'reserved allowed';
  const written = (...ways: ReadonlyArray<string | false>) =>
    media === undefined ? ways.filter(Boolean).join(', ') : media[0];
  return {
    name,
    // Back-ticks stand around the name alone, as in `nameOfPlace`.
    label: `the ${location} parameter \`${name.replaceAll('`', "'")}\``,
    location,
    required: location === 'path' || node.required === true,
    node,
    at,
    schema:
      media === undefined
        ? schemaAt(node.schema, [...at, 'schema'])
        : schemaAt(recordOf(media[1]).schema, [...at, 'content', media[0], 'schema']),
    style: written(style, isExploded && 'exploded', isReserved),
    styleOfOne: written(style, isReserved),
  };
}
