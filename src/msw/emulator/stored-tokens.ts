import { stableJson } from '../../util/stable-json.js';
import { createRandom } from '../respond/random.js';

/** What a token was asked for; two that are equal get the same token. */
export interface Grant {
  readonly connectorId: string;
  /** The project, or what stands for a bearer without one. */
  readonly holder: string;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly installationId: string | undefined;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly resources: readonly string[];
  readonly details: readonly unknown[];
}

/** A token that is kept. */
export interface StoredToken {
  readonly grant: Grant;
  readonly token: string;
  readonly tokenId: string;
  readonly expiresAt: number;
  /** Set for an imported token: the one environment that it is for. */
  readonly environment: string | undefined;
  readonly name: string | undefined;
  readonly externalSubject: string | undefined;
}

/** A token from elsewhere, before it has an id. */
export type ImportedToken = Omit<StoredToken, 'tokenId'>;

/** Keeps tokens by grant. */
export class TokenStore {
  readonly #seed: number | string;
  readonly #issued = new Map<string, StoredToken>();
  #imported: StoredToken[] = [];
  readonly #counts = new Map<string, number>();

  constructor(seed: number | string) {
    this.#seed = seed;
  }

  /**
   * The token of a grant, whether or not it still lives: imported ones first, the latest before the others.
   *
   * A request for all scopes (`['*']`) also gets a token that was imported with scopes of its own.
   */
  find(
    grant: Grant,
    environment: string | undefined,
    isGoodEnough: (token: StoredToken) => boolean,
  ): StoredToken | undefined {
    const imported = this.#imported.findLast(
      (token) => token.environment === environment && covers(token.grant, grant) && isGoodEnough(token),
    );
    if (imported !== undefined) return imported;
    const issued = this.#issued.get(keyOf(grant));
    return issued !== undefined && isGoodEnough(issued) ? issued : undefined;
  }

  /** Finds a token by its text, whether or not it still lives. */
  findIssued(text: string): StoredToken | undefined {
    return [...this.#imported, ...this.#issued.values()].find(({ token }) => token === text);
  }

  /** Issues a token for a grant, in place of the one that it had. */
  issue(grant: Grant, prefix: string, expiresAt: number): StoredToken {
    const { id, text } = this.#draw(grant);
    const stored: StoredToken = {
      grant,
      token: `${prefix}${text}`,
      tokenId: id,
      expiresAt,
      environment: undefined,
      name: undefined,
      externalSubject: undefined,
    };
    this.#issued.set(keyOf(grant), stored);
    return stored;
  }

  /** Keeps a token from elsewhere, in place of an earlier one for the same. */
  import(token: ImportedToken): void {
    const key = keyOf(token.grant);
    this.#imported = this.#imported.filter(
      (other) => other.environment !== token.environment || keyOf(other.grant) !== key,
    );
    this.#imported.push({ ...token, tokenId: this.#draw(token.grant).id });
  }

  /** How many tokens are stored for a connector, by its id. */
  count(connectorId: string): number {
    const stored = [...this.#issued.values(), ...this.#imported];
    return stored.filter(({ grant }) => grant.connectorId === connectorId).length;
  }

  /** Drops tokens. @returns Those that were dropped. */
  drop(isMeant: (token: StoredToken) => boolean): StoredToken[] {
    const dropped = [...this.#issued.values(), ...this.#imported].filter(isMeant);
    for (const token of dropped) if (token.environment === undefined) this.#issued.delete(keyOf(token.grant));
    this.#imported = this.#imported.filter((token) => !dropped.includes(token));
    return dropped;
  }

  clear(): void {
    this.#issued.clear();
    this.#imported = [];
    this.#counts.clear();
  }

  // Drawn by grant and turn, so that what is asked for other grants in between changes nothing.
  #draw(grant: Grant): { id: string; text: string } {
    const key = keyOf(grant);
    const turn = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, turn);
    const random = createRandom('token', this.#seed, key, turn);
    return { text: random.text(22), id: `stk_${random.text(22)}` };
  }
}

function keyOf({ connectorId, holder, subject, installationId, scopes, ...rest }: Grant): string {
  return stableJson([connectorId, holder, subject, installationId ?? null, asSet(scopes), restOf(rest)]);
}

function restOf({
  audience,
  resources,
  details,
}: Pick<Grant, 'audience' | 'resources' | 'details'>): unknown[] {
  return [asSet(audience), asSet(resources), details];
}

function covers(imported: Grant, asked: Grant): boolean {
  const all = asked.scopes.length === 1 && asked.scopes[0] === '*';
  return keyOf(imported) === keyOf(all ? { ...asked, scopes: imported.scopes } : asked);
}

function asSet(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
