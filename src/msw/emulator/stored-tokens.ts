import { stableJson } from '../../util/stable-json.js';
import { createRandom } from '../respond/random.js';

/** The grant of a token. Requests with equal grants get the same token. */
export interface Grant {
  readonly connectorId: string;
  /** The project, or a digest of a bearer without one. */
  readonly holder: string;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly installationId: string | undefined;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly resources: readonly string[];
  readonly details: readonly unknown[];
}

/** A stored token. */
export interface StoredToken {
  readonly grant: Grant;
  readonly token: string;
  readonly tokenId: string;
  readonly expiresAt: number;
  /** The only environment of an imported token; `undefined` for an issued one. */
  readonly environment: string | undefined;
  readonly name: string | undefined;
  readonly externalSubject: string | undefined;
}

type ImportedToken = Omit<StoredToken, 'tokenId'>;

/** Keeps tokens by grant. */
export class TokenStore {
  readonly #issued = new Map<string, StoredToken>();
  #imported: StoredToken[] = [];
  readonly #counts = new Map<string, number>();

  constructor(readonly seed: number | string) {}

  /**
   * Finds the token of a grant, expired or not: imported tokens first, the latest before the others.
   *
   * A request for all scopes (`['*']`) also gets a token that was imported with scopes of its own.
   */
  find(
    grant: Grant,
    environment: string | undefined,
    isAcceptable: (token: StoredToken) => boolean,
  ): StoredToken | undefined {
    const isForAll = grant.scopes.length === 1 && grant.scopes[0] === '*';
    const imported = this.#imported.findLast(
      (token) =>
        token.environment === environment &&
        isAcceptable(token) &&
        keyOf(token.grant) === keyOf(isForAll ? { ...grant, scopes: token.grant.scopes } : grant),
    );
    if (imported !== undefined) return imported;
    const issued = this.#issued.get(keyOf(grant));
    return issued !== undefined && isAcceptable(issued) ? issued : undefined;
  }

  /** Finds a token by its text, expired or not. */
  findIssued(text: string): StoredToken | undefined {
    return [...this.#imported, ...this.#issued.values()].find(({ token }) => token === text);
  }

  /** Issues a token for a grant, in place of its previous one. */
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

  /** Stores an imported token, in place of an earlier one of the same grant. */
  import(token: ImportedToken): void {
    const key = keyOf(token.grant);
    this.#imported = this.#imported.filter(
      (other) => other.environment !== token.environment || keyOf(other.grant) !== key,
    );
    this.#imported.push({ ...token, tokenId: this.#draw(token.grant).id });
  }

  /** Counts the tokens of a connector, by its id. */
  count(connectorId: string): number {
    const stored = [...this.#issued.values(), ...this.#imported];
    return stored.filter(({ grant }) => grant.connectorId === connectorId).length;
  }

  /** Drops tokens. @returns The dropped ones. */
  drop(matches: (token: StoredToken) => boolean): StoredToken[] {
    const dropped = [...this.#issued.values(), ...this.#imported].filter(matches);
    for (const token of dropped) if (token.environment === undefined) this.#issued.delete(keyOf(token.grant));
    this.#imported = this.#imported.filter((token) => !dropped.includes(token));
    return dropped;
  }

  clear(): void {
    this.#issued.clear();
    this.#imported = [];
    this.#counts.clear();
  }

  // Drawn by grant and turn, so that requests for other grants change nothing.
  #draw(grant: Grant): { id: string; text: string } {
    const key = keyOf(grant);
    const turn = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, turn);
    const random = createRandom('token', this.seed, key, turn);
    return { text: random.text(22), id: `stk_${random.text(22)}` };
  }
}

function keyOf(grant: Grant): string {
  const { connectorId, holder, subject, installationId = null, scopes, audience, resources, details } = grant;
  const limits = [asSet(audience), asSet(resources), details];
  return stableJson([connectorId, holder, subject, installationId, asSet(scopes), limits]);
}

function asSet(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
