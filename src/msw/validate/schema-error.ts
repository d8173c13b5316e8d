/** A schema of the document says what cannot be read; the message says what, and not yet where. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}
