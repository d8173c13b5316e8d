import { stableName } from '../../openapi/artifact-name.js';
import { isRecord } from '../../util/is-record.js';
import { type Operation, pathNames } from './pair-operations.js';
import { schemaAt } from './to-node.js';
import type { Json, Schema, Segments, View } from './types.js';

/** A parameter of an operation and where it is. */
export interface Parameter {
  readonly name: string;
  readonly location: string;
  readonly required: boolean;
  readonly node: Json;
  readonly at: Segments;
  readonly schema: Schema;
  /** How its value is written into the request. */
  readonly style: string;
}

/**
 * The parameters of an operation: its own by their index, then those of its path, counted on from there.
 *
 * What stands in the path and is declared nowhere is a parameter all the same.
 */
export function parametersOf(view: View, operation: Operation): Map<string, Parameter> {
  const own = Array.isArray(operation.node.parameters) ? operation.node.parameters : [];
  const shared = Array.isArray(operation.item.parameters) ? operation.item.parameters : [];
  const parameters = new Map<string, Parameter>();
  [...own, ...shared].forEach((node: unknown, index) => {
    const parameter = read(view.resolve(node), ['parameters', String(index)]);
    const key = keyOf(parameter);
    // The operation's own comes first and stands.
    if (!parameters.has(key)) parameters.set(key, parameter);
  });
  for (const name of pathNames(operation.path)) {
    const parameter = read({ name, in: 'path', schema: { type: 'string' } }, []);
    if (!parameters.has(keyOf(parameter))) parameters.set(keyOf(parameter), parameter);
  }
  return parameters;
}

/** Header names come in any case. */
function keyOf({ name, location }: Parameter): string {
  return `${location} ${location === 'header' ? name.toLowerCase() : name}`;
}

function read(node: Json, at: Segments): Parameter {
  const location = String(node.in);
  const content = isRecord(node.content) ? node.content : {};
  const [media] = Object.entries(content);
  const schema =
    media === undefined
      ? schemaAt(node.schema, [...at, 'schema'])
      : schemaAt(isRecord(media[1]) ? media[1].schema : true, [...at, 'content', media[0], 'schema']);
  return {
    name: stableName(String(node.name)),
    location,
    required: location === 'path' || node.required === true,
    node,
    at,
    schema,
    style: media === undefined ? styleOf(node, location) : media[0],
  };
}

function styleOf(node: Json, location: string): string {
  const style = String(node.style ?? (location === 'query' || location === 'cookie' ? 'form' : 'simple'));
  const explode = node.explode ?? style === 'form';
  return `${style}${explode === true ? ', exploded' : ''}${node.allowReserved === true ? ', reserved allowed' : ''}`;
}
