import { fromBase64Url } from './bytes.js';

/** Reads JSON in base64 or base64url; returns `undefined` for any other text. */
export function parseBase64Json(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64Url(text)));
  } catch {
    return undefined;
  }
}
