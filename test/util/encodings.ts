const html = (text: string) => text.replace(/[&<>"'/]/g, (character) => `&#${character.charCodeAt(0)};`);
const named = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const everyPercent = (text: string) =>
  [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const everyUnicode = (text: string) =>
  text.replace(/./gsu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Every way in which a server has been seen to echo a text. */
export const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'other case': (text) => text.toUpperCase().replaceAll('É', 'é'),
  JSON: (text) => JSON.stringify(text),
  'JSON of PHP': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'JSON, all escaped': everyUnicode,
  percent: encodeURIComponent,
  'percent, lower case': (text) => encodeURIComponent(text).toLowerCase(),
  'percent, all of it': everyPercent,
  'percent twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ x: text }).toString(),
  'HTML by number': html,
  'HTML by name': named,
  'HTML in hexadecimal': (text) => text.replace(/[&<>"]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
  'HTML of JSON': (text) => named(JSON.stringify(text)),
  Base64: (text) => Buffer.from(text).toString('base64'),
  Base64url: (text) => Buffer.from(text).toString('base64url'),
  'Base64 after one byte': (text) => Buffer.from(`x${text}y`).toString('base64'),
  'Base64 after two bytes': (text) => Buffer.from(`xx${text}`).toString('base64'),
  'Base64, percent-encoded': (text) => encodeURIComponent(Buffer.from(`user:${text}`).toString('base64')),
};
