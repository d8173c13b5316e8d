import type { ContractOperation } from '../../openapi/contract-types.js';
import { mediaOf } from '../respond/media.js';
import type { PlainResponse, Responder } from '../respond/responder.js';
import type { ContractError } from '../validate/validation-error.js';

/**
 * Reads the response that a `Prefer` header asks for (RFC 7240): `code=<status>`, or `example=<name>` for a documented example.
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
  const code = /(?:^|[,;])\s*code\s*=\s*"?([2-5]\d\d)"?\s*(?:$|[,;])/i.exec(prefer)?.[1];
  if (code !== undefined) return { status: Number(code), headers: { 'preference-applied': `code=${code}` } };
  const name = /(?:^|[,;])\s*example\s*=\s*"?([^",;]+?)"?\s*(?:$|[,;])/i.exec(prefer)?.[1];
  if (name === undefined) return undefined;
  const names: string[] = [];
  for (const [key, { body: documented }] of Object.entries(operation.responses)) {
    for (const { examples } of mediaOf(documented)) {
      if (Object.hasOwn(examples, name)) {
        const status = /^\d{3}$/.test(key) ? Number(key) : responder.defaultStatus(operation);
        return { status, body: examples[name], headers: { 'preference-applied': `example=${name}` } };
      }
      names.push(...Object.keys(examples));
    }
  }
  return {
    check: 'preference',
    pointer: '/headers/prefer',
    rule: 'undocumented',
    problem: `names an example that this operation does not have; it has ${names.join(', ') || 'none'}`,
  };
}
