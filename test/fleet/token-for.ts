/** Whom a token is for. */
export interface Owner {
  readonly connector: string;
  readonly bearer: string;
  readonly subject: string;
}

/** What a token says of itself, so that whoever is handed it can tell whether it is his. */
export function tokenFor(who: Owner, port: string | number): string {
  const parts = [port, who.bearer, who.connector, who.subject].map(String);
  return `for_${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
}
