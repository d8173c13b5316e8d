/** Decodes base64; what is none gives an empty text. */
export function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
