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
  const paragraphs = [
    summary,
    description === summary ? '' : description,
    `\`${method} ${path}\``,
    [
      ...parameters.map(parameterTag),
      ...bodyTag(operation.requestBody),
      ...(operation.deprecated === true ? ['@deprecated'] : []),
    ].join('\n'),
  ].filter((paragraph) => paragraph !== '');
  const lines = paragraphs.join('\n\n').replaceAll('*/', '*\\/').split('\n');
  return `*\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n `;
}

function parameterTag({ name, in: place, required, description, deprecated }: JsonObject): string {
  const notes = [required === true ? '' : 'optional', deprecated === true ? 'deprecated' : ''].filter(
    Boolean,
  );
  const text = [notes.length > 0 ? `(${notes.join(', ')})` : '', firstSentence(textOf(description))].filter(
    Boolean,
  );
  return `@param ${place}.${name}${text.length > 0 ? ` - ${text.join(' ')}` : ''}`;
}

function bodyTag(body: unknown): string[] {
  if (!isRecord(body)) return [];
  const text = [body.required === true ? '' : '(optional)', firstSentence(textOf(body.description))].filter(
    Boolean,
  );
  return [`@param body${text.length > 0 ? ` - ${text.join(' ')}` : ''}`];
}

function firstSentence(text: string): string {
  const [line = ''] = text.split('\n');
  const [sentence = line] = /^.*?[.!?](?=\s|$)/.exec(line) ?? [];
  return sentence.length <= MAX_PARAMETER_LENGTH
    ? sentence
    : `${sentence.slice(0, MAX_PARAMETER_LENGTH - 3)}...`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().replaceAll('\r\n', '\n') : '';
}
