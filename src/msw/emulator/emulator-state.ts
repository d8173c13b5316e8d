import { InvalidArgumentError } from '../../errors/index.js';
import { describeValue } from '../../util/redact.js';
import { CONNECTOR, checkNames } from '../known-options.js';
import { type Connector, createConnector } from './connector-state.js';
import type { Consent } from './consent-operations.js';
import { DEFAULT_CONNECTORS } from './defaults.js';
import { TokenStore } from './stored-tokens.js';
import type { EmulatedConnector, EmulatorOptions } from './types.js';

const DEFAULT_LIFETIME_MS = 3_600_000;

/** The state of an emulator, without its log of requests. */
export class State {
  readonly seed: number | string;
  readonly tokenLifetimeMs: number;
  readonly account: 'seeded' | 'empty';
  readonly now: () => number;
  /** By id, oldest first. */
  readonly connectors = new Map<string, Connector>();
  readonly tokens: TokenStore;
  /** Every project that sent a request: default links have no list of projects. */
  readonly projects = new Set<string>();
  /** Names of the projects that were looked up by name, by id. */
  readonly projectNames = new Map<string, string>();
  /** Requests for consent, installation or registration, by their own id. */
  readonly consents = new Map<string, Consent>();
  /** Digests of the files that were uploaded. */
  readonly files = new Set<string>();
  /** Count of the requests for consent, installation or registration. */
  consentRequests = 0;
  /** Count of the connectors that were created through the API. */
  created = 0;
  /** Count of forwarded events. */
  forwards = 0;
  /** The URL of the emulator's own pages, once it is served over HTTP. */
  publicUrl: string | undefined;

  readonly #start: readonly EmulatedConnector[];

  /** @throws {InvalidArgumentError} For an option that cannot work. */
  constructor(options: EmulatorOptions, seed: number | string) {
    this.seed = seed;
    this.now = options.now ?? Date.now;
    this.tokenLifetimeMs = options.tokenLifetimeMs ?? DEFAULT_LIFETIME_MS;
    if (!(Number.isFinite(this.tokenLifetimeMs) && this.tokenLifetimeMs > 0)) {
      const given = describeValue(this.tokenLifetimeMs);
      throw new InvalidArgumentError('tokenLifetimeMs', `must be a positive number, got ${given}`);
    }
    this.tokens = new TokenStore(seed);
    this.account = options.account ?? 'seeded';
    if (this.account !== 'seeded' && this.account !== 'empty') {
      const given = describeValue(this.account);
      throw new InvalidArgumentError('account', `must be 'seeded' or 'empty', got ${given}`);
    }
    this.#start = options.connectors ?? (this.account === 'empty' ? [] : DEFAULT_CONNECTORS);
    this.reset();
  }

  reset(): void {
    this.connectors.clear();
    this.projects.clear();
    this.projectNames.clear();
    this.tokens.clear();
    this.consents.clear();
    this.files.clear();
    this.consentRequests = 0;
    this.created = 0;
    this.forwards = 0;
    for (const description of this.#start) this.add(description);
  }

  /** Adds a connector, in place of one with the same UID or id. */
  add(description: EmulatedConnector): void {
    checkNames('connector', description, CONNECTOR);
    const isLinked = this.account === 'seeded' || description.links !== undefined;
    const connector = createConnector(isLinked ? description : { ...description, links: {} });
    const { id, uid } = connector.facts;
    for (const previous of [this.find(uid), this.find(id)]) if (previous !== undefined) this.remove(previous);
    this.connectors.set(id, connector);
  }

  /** Removes a connector with its links, installations and tokens. */
  remove(connector: Connector): void {
    this.connectors.delete(connector.facts.id);
    this.tokens.drop(({ grant }) => grant.connectorId === connector.facts.id);
  }

  /** Finds a connector by id or UID. */
  find(reference: string): Connector | undefined {
    const byId = this.connectors.get(reference);
    return byId ?? [...this.connectors.values()].find(({ facts }) => facts.uid === reference);
  }

  /** Returns a connector. @throws {InvalidArgumentError} For an unknown id or UID. */
  get(reference: string): Connector {
    const connector = this.find(reference);
    if (connector !== undefined) return connector;
    const known = [...this.connectors.values()].map(({ facts }) => facts.uid).join(', ') || 'none';
    throw new InvalidArgumentError(
      'connector',
      `is not in this emulator, which has ${known}; add it with addConnector`,
    );
  }
}
