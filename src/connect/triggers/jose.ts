/** The parts of `jose` that are used. */
export type Jose = Pick<
  typeof import('jose'),
  'createLocalJWKSet' | 'decodeProtectedHeader' | 'errors' | 'jwtVerify'
>;

/** Loaded at the first verification: most programs receive nothing. */
export function loadJose(): Promise<Jose> {
  return import('jose');
}
