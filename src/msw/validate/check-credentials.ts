import type { ContractOperation } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { parseParameter, type SentParameters } from '../../openapi/parameter-text.js';
import { describeScheme, type SecurityScheme } from '../../openapi/security-schemes.js';
import type { ContractError } from './validation-error.js';

/** Checks that a request carries the credentials of one of the alternatives that the document has; 401 where it does not. */
export function checkCredentials(
  { secured, security }: ContractOperation,
  sent: SentParameters,
): ContractError | undefined {
  if (security === undefined)
    return secured && readBearer(sent.headers) === undefined ? NO_BEARER : undefined;
  if (security.length === 0 || security.some((schemes) => schemes.every((scheme) => isSent(scheme, sent))))
    return undefined;
  const [first] = security.flat();
  return {
    ...NO_BEARER,
    pointer: first === undefined ? NO_BEARER.pointer : pointerOf(first),
    problem: `is required: send ${security.map((schemes) => schemes.map(describeScheme).join(' and ')).join(', or ')}`,
  };
}

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1). */
export function readBearer(headers: Headers): string | undefined {
  return /^bearer +(\S.*)$/i.exec(headers.get('authorization') ?? '')?.[1];
}

const NO_BEARER: ContractError = {
  check: 'credentials',
  pointer: '/headers/authorization',
  rule: 'required',
  problem: 'is required: send "Authorization: Bearer <token>" with a token that is not blank',
  status: 401,
};

const ONE_TEXT = { array: false, value: true, isField: undefined };

function isSent(scheme: SecurityScheme, sent: SentParameters): boolean {
  switch (scheme.kind) {
    case 'bearer':
      return readBearer(sent.headers) !== undefined;
    case 'basic':
      return isBasic(sent.headers.get('authorization') ?? '');
    case 'apiKey': {
      const read = parseParameter(
        { ...scheme, style: scheme.in === 'header' ? 'simple' : 'form' },
        ONE_TEXT,
        sent,
      );
      return read !== undefined && 'value' in read && String(read.value).trim() !== '';
    }
    case 'unknown':
      return false;
  }
}

/** RFC 7617, section 2: the user name and the password, with a colon between them, in base64. */
function isBasic(authorization: string): boolean {
  const [, text = ''] = /^basic +(\S+)$/i.exec(authorization) ?? [];
  try {
    return atob(text).includes(':');
  } catch {
    return false;
  }
}

function pointerOf(scheme: SecurityScheme): string {
  if (scheme.kind !== 'apiKey') return NO_BEARER.pointer;
  if (scheme.in === 'header') return toPointer(['headers', scheme.name.toLowerCase()]);
  return toPointer([scheme.in === 'cookie' ? 'cookies' : 'query', scheme.name]);
}
