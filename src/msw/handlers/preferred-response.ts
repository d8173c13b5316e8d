import type { ContractOperation } from '../../openapi/contract-types.js';
import { mediaOf } from '../respond/media.js';
import { documentedResponse, type PlainResponse, type Responder } from '../respond/responder.js';
import type { ContractError } from '../validate/validation-error.js';

/**
 * Reads the response that a `Prefer` header asks for (RFC 7240): `code=<status>`, `example=<name>` for a documented example, or
 * both for an example of that status.
 *
 * A status need not be documented, so that a test can see a 503: its body is the API's error body. As RFC 7240 demands, any
 * other preference is ignored, and so is a status outside 200 to 599.
 *
 * @returns The response, an error for an example that does not exist, or `undefined` without a preference.
 */
export function preferredResponse(
  responder: Responder,
  operation: ContractOperation,
  prefer: string,
): PlainResponse | ContractError | undefined {
  const code = /(?:^|[,;])\s*code\s*=\s*"?([2-5]\d\d)"?\s*(?=$|[,;])/i.exec(prefer)?.[1];
  const name = /(?:^|[,;])\s*example\s*=\s*"?([^",;]+?)"?\s*(?:$|[,;])/i.exec(prefer)?.[1];
  const applied = [code && `code=${code}`, name && `example=${name}`].filter(Boolean).join(', ');
  const headers = { 'preference-applied': applied };
  if (name === undefined) return code === undefined ? undefined : { status: Number(code), headers };
  const examples = examplesOf(operation, code);
  const example = examples.find((one) => one.name === name);
  if (example !== undefined) {
    const { key, body } = example;
    const status = code ?? (/^\d{3}$/.test(key) ? key : responder.defaultStatus(operation));
    return { status: Number(status), body, headers };
  }
  const owner = code === undefined ? 'this operation' : `the status ${code} of this operation`;
  const names = examples.map((one) => one.name).join(', ') || 'none';
  return {
    check: 'preference',
    pointer: '/headers/prefer',
    rule: 'undocumented',
    problem: `names an example that ${owner} does not have; it has ${names}`,
  };
}

interface Example {
  readonly name: string;
  readonly body: unknown;
  /** The key of its response: a status, a range or `default`. */
  readonly key: string;
}

/** Lists the documented examples of an operation, or of one of its statuses. */
function examplesOf(operation: ContractOperation, code: string | undefined): Example[] {
  const ofCode = code === undefined ? undefined : documentedResponse(operation, Number(code));
  const responses = code === undefined ? Object.entries(operation.responses) : [ofCode ?? []];
  return responses.flatMap(([key = '', response]) =>
    mediaOf(response?.body).flatMap(({ examples }) =>
      Object.entries(examples).map(([name, body]) => ({ name, body, key })),
    ),
  );
}
