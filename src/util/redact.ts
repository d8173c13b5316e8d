import { REDACTED, Secrets } from './secrets.js';

/** Longest text that an error message may have, in UTF-16 code units. */
export const MAX_MESSAGE_LENGTH = 512;

const SCANNED_LENGTH = 16 * MAX_MESSAGE_LENGTH;

// Shapes of credentials that servers have been seen to echo: bearer values, JWTs, and the providers' own prefixes.
const SECRET_SHAPES = [
  /\b(bearer|basic)\s+[\w\-.~+/=]{8,}/gi,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\bxox[a-z]-[\w-]{8,}/gi,
  /\bgh[a-z]_\w{16,}/g,
  /\bgithub_pat_\w{16,}/g,
  /\b(?:sk|pk|rk)_(?:live|test)_\w{8,}/g,
  /\b(?:vcp|vca|vci|vcr|vck)_\w{16,}/g,
];

/**
 * Makes text from a server fit for an error message: secrets masked, control characters gone, length capped.
 *
 * @param text - Text that was not written by this package.
 * @param secrets - Values known to be secret in this call, masked wherever they stand and however they are encoded.
 * @returns At most {@link MAX_MESSAGE_LENGTH} characters on one line.
 */
export function safeText(text: string, secrets?: Secrets | readonly string[]): string {
  // A server may send megabytes: nothing past this could reach the result, so nothing past it is scanned.
  let safe = text.slice(0, SCANNED_LENGTH);
  const known = secrets instanceof Secrets || secrets === undefined ? secrets : new Secrets(secrets);
  // The end of what was scanned may be the beginning of a secret that was not recognised for being cut.
  const cutOff = text.length > SCANNED_LENGTH ? Math.max(64, known?.longestShown ?? 0) : 0;
  const end = Math.max(0, safe.length - cutOff);
  safe = known === undefined ? safe.slice(0, end) : known.mask(safe, end);
  // One space each: a shape must not be hidden by what stands between its parts.
  safe = safe.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  for (const shape of SECRET_SHAPES) safe = safe.replace(shape, REDACTED);
  if (safe.length <= MAX_MESSAGE_LENGTH) return safe;
  // Half of a surrogate pair is not valid text.
  return `${safe.slice(0, MAX_MESSAGE_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Shows a value in a message without showing what it holds: its type, and the length of a string.
 *
 * @example
 * describeValue('abc'); // 'a string of 3 characters'
 */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return String(value);
  return value === undefined ? 'undefined' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

/** {@link describeValue} for what may be a secret: its type alone. */
export function describeKind(value: unknown): string {
  return typeof value === 'number' ? 'a number' : describeValue(value);
}
