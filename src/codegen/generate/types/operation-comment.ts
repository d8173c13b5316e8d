import type { JsonObject } from '../../../openapi/document.js';
import type { WalkedOperation } from '../../../openapi/walk-operations.js';
import { isRecord } from '../../../util/is-record.js';

/** Longest text of a parameter: its whole text stands at the parameter itself. */
const MAX_PARAMETER_LENGTH = 100;

/**
 * The comment of an operation, without its delimiters: summary and description, method and path, parameters and
 * deprecation. Editors show it at `client.operations.getProject`.
 */
export function operationComment({ method, path, operation, parameters }: WalkedOperation): string {
  const summary = textOf(operation.summary);
  const description = textOf(operation.description);
  const body = operation.requestBody;
  const paragraphs = [
    summary,
    description === summary ? '' : description,
    `\`${method} ${path}\``,
    [
      ...parameters.map((parameter) =>
        paramTag(`${parameter.in}.${parameter.name}`, parameter, [
          parameter.required === true ? '' : 'optional',
          parameter.deprecated === true ? 'deprecated' : '',
        ]),
      ),
      ...(isRecord(body) ? [paramTag('body', body, [body.required === true ? '' : 'optional'])] : []),
      ...(operation.deprecated === true ? ['@deprecated'] : []),
    ].join('\n'),
  ].filter((paragraph) => paragraph !== '');
  const lines = paragraphs.join('\n\n').replaceAll('*/', '*\\/').split('\n');
  return `*\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n `;
}

/** Returns `@param path.id - (optional) The id.` with the first sentence of the description. */
function paramTag(name: string, { description }: JsonObject, notes: readonly string[]): string {
  const given = notes.filter((note) => note !== '').join(', ');
  const [line = ''] = textOf(description).split('\n');
  const [sentence = line] = /^.*?[.!?](?=\s|$)/.exec(line) ?? [];
  const isLong = sentence.length > MAX_PARAMETER_LENGTH;
  const text = [
    given === '' ? '' : `(${given})`,
    isLong ? `${sentence.slice(0, MAX_PARAMETER_LENGTH - 3)}...` : sentence,
  ].filter((part) => part !== '');
  return `@param ${name}${text.length > 0 ? ` - ${text.join(' ')}` : ''}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().replaceAll('\r\n', '\n') : '';
}
