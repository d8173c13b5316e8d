/** Returns whether a string has half of a surrogate pair, which no encoding can carry. */
export function hasLoneSurrogate(value: string): boolean {
  return /\p{Surrogate}/u.test(value);
}
