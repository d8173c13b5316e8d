/** Bytes in a buffer that is not shared: `Uint8Array<ArrayBuffer>`, which TypeScript below 5.7 cannot write. */
export type Bytes = ReturnType<typeof Uint8Array.of>;

/** Writes bytes in base64url, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads base64 or base64url. @throws {DOMException} For a text that is neither. */
export function fromBase64Url(text: string): Bytes {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Writes bytes in lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Reads pairs of hexadecimal digits, up to the first that is not one. */
export function fromHex(text: string): Bytes {
  const [digits = ''] = /^(?:[\da-f]{2})*/i.exec(text) ?? [];
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Reads JSON in base64 or base64url; returns `undefined` for any other text. */
export function parseBase64Json(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64Url(text)));
  } catch {
    return undefined;
  }
}
