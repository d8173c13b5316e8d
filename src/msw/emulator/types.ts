import type { RequestHandler } from 'msw';
import type { components } from '../../generated/index.js';
import type { RunningServer } from '../server/http-server.js';
import type { OperationId } from '../types.js';
import type { EmulatedForward } from './forwards.js';
import type { EmulatedProviders } from './providers.js';

/** A connector as the API returns it. */
export type EmulatedConnectorFacts = components['schemas']['ConnectConnector'];

/** A connector of the emulator. Every field but `uid` has a default. */
export interface EmulatedConnector {
  /** `<service>/<name>`. A path takes the UID or the id. */
  readonly uid: string;
  /** Default: `scl_` and 22 characters that depend on `uid` alone. */
  readonly id?: string | undefined;
  /** Default: the service of the UID. */
  readonly type?: string | undefined;
  /** Default: the UID. */
  readonly name?: string | undefined;
  /** Subject types that get tokens; others get 400. Default `['app', 'user']`. */
  readonly subjectTypes?: readonly string[] | undefined;
  /**
   * Installations with the provider, the default one first. With an empty list the connector must be installed first.
   * Default: absent, for a connector without installations.
   */
  readonly installations?: readonly string[] | undefined;
  /** Users who have consented. Default: nobody. */
  readonly users?: readonly string[] | undefined;
  /** `false`: token requests fail with `no_token`, until an update of the connector's data sets a new key. Default `true`. */
  readonly issuesTokens?: boolean | undefined;
  /** Prefix of tokens. Default: by type, e.g. `xoxb-emulated-`. */
  readonly tokenPrefix?: string | undefined;
  /** Environments by linked project. Default: every project is linked in production, preview and development. */
  readonly links?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Whether the provider sends events. Default: by the service of the UID, e.g. `true` for Slack. */
  readonly supportsTriggers?: boolean | undefined;
  /** Public configuration of the provider, as `getConnector` returns it. Default: none. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** Epoch milliseconds. Default: a fixed time in 2026. */
  readonly createdAt?: number | undefined;
}

/** The identity of a bearer. */
export interface EmulatedCredential {
  /** Default: derived from the bearer, so that two bearers are two projects; for `kind: 'access'` none. */
  readonly projectId?: string | undefined;
  /** Default `production`; for `kind: 'access'` none, and links are then checked for the project alone. */
  readonly environment?: string | undefined;
  /** A project's OIDC token or an access token. Default `oidc`. */
  readonly kind?: 'oidc' | 'access' | undefined;
  /** The user of an access token, as `GET /v2/user` returns it. Default `user_123`. */
  readonly userId?: string | undefined;
}

/** Options of {@link createConnectEmulator}. */
export interface EmulatorOptions {
  /** Base URL of the API. Default: `https://api.vercel.com` and its regions. */
  readonly baseUrl?: string | undefined;
  /** Default 1. Another seed gives other tokens, ids and generated bodies, the same every time. */
  readonly seed?: number | string | undefined;
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Life of an issued token, in milliseconds. Default 3 600 000, an hour. */
  readonly tokenLifetimeMs?: number | undefined;
  /**
   * `empty`: a new account without connectors and links. A bearer other than a project's OIDC token is the access token of
   * `user_123`. It gets tokens of linked connectors, for the app and that user alone. Default `seeded`: sample connectors,
   * linked to every project.
   */
  readonly account?: 'seeded' | 'empty' | undefined;
  /** Connectors in place of the default ones. */
  readonly connectors?: readonly EmulatedConnector[] | undefined;
  /**
   * The known bearers and their identities; any other bearer gets 401. Default: every bearer is known. A project's OIDC token
   * belongs to the project and environment that it names, and is not verified. Any other bearer belongs to a project of its
   * own, in production, and may use what is created through the API.
   */
  readonly credentials?:
    | Readonly<Record<string, EmulatedCredential>>
    | ((bearer: string) => EmulatedCredential | undefined)
    | undefined;
}

/** One request that arrived, accepted or refused. */
export interface RecordedRequest {
  /** `undefined` for an undocumented path or method. */
  readonly operationId: string | undefined;
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path as it was sent, still encoded. */
  readonly path: string;
  readonly url: string;
  /** Texts as they were sent; the last of a repeated parameter. */
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name. The credential is among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bearer: string | undefined;
  /** Parsed JSON, the text of another body, `undefined` without a body. */
  readonly body: unknown;
  /** Status of the response; `undefined` before it. */
  readonly status: number | undefined;
}

/** A failure in place of the next response. */
export interface PlannedFailure {
  /** Default: the operation that is called next. */
  readonly operationId?: OperationId | undefined;
  /** From 200 to 599. */
  readonly status: number;
  /** Default: an error body with the status's usual code. */
  readonly body?: unknown;
  /** E.g. `{ 'retry-after': '2' }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Number of responses to replace. Default 1. */
  readonly times?: number | undefined;
}

/** A Vercel Connect with state. Methods name a connector by id or UID. */
export interface ConnectEmulator {
  /** For msw: `setupServer(...emulator.handlers)`. */
  readonly handlers: RequestHandler[];
  /**
   * The providers behind the connectors, with an MCP server. They have handlers of their own:
   * `setupServer(...emulator.handlers, ...emulator.providers.handlers)`.
   */
  readonly providers: EmulatedProviders;
  /**
   * One entry for each request, in order of arrival: the latest ten thousand, within 16 million characters together.
   */
  readonly requests: readonly RecordedRequest[];
  /** The current connectors, oldest first. */
  readonly connectors: readonly EmulatedConnectorFacts[];
  /** Requests for consent and installation, oldest first. */
  readonly consents: readonly {
    readonly request: string;
    readonly outcome: 'pending' | 'approved' | 'denied';
  }[];
  /** Adds a connector, or replaces the one with this UID. */
  addConnector(connector: EmulatedConnector): void;
  /** Records a user's consent. @throws {InvalidArgumentError} For an unknown connector, as the methods below do. */
  grantUser(connector: string, userId: string): void;
  /** Withdraws a user's consent, and drops the tokens that depend on it. */
  withdrawUser(connector: string, userId: string): void;
  /** Installs a connector with its provider; the first installation is the default one. */
  install(connector: string, installationId: string): void;
  /** Ends an installation, and drops the tokens that depend on it. */
  uninstall(connector: string, installationId: string): void;
  /** Links a project. Default environments: production, preview, development. */
  link(connector: string, projectId: string, environments?: readonly string[]): void;
  /** Ends the link to a project, also a default one. */
  unlink(connector: string, projectId: string): void;
  /** Approves a request for consent or installation, as a person does on its page. */
  approve(authorization: { readonly request: string }): void;
  /** Denies it. */
  deny(authorization: { readonly request: string }): void;
  /**
   * Creates the forwards of a provider's event: one for each destination, signed with this emulator's keys as Connect signs
   * with Vercel's. Over HTTP: `POST /connect/trigger/{connector}`.
   *
   * @param body - Text as it is, anything else as JSON.
   */
  forward(connector: string, body: unknown): Promise<EmulatedForward[]>;
  /**
   * Returns the public keys. The handlers serve them at `https://oidc.vercel.com/.well-known/jwks`, where `verifyTrigger` looks.
   * A server has them at `/.well-known/jwks`: pass that URL to `createTriggerVerifier` as `jwksUrl`.
   */
  jwks(): Promise<{ readonly keys: readonly object[] }>;
  /**
   * Plays a failure in place of the next response to a valid request. Several are played in order.
   *
   * @throws {InvalidArgumentError} For an unknown operation id or an impossible status or number of times.
   */
  failNext(failure: PlannedFailure): void;
  /** Restores the start: connectors, tokens, planned failures, requests. */
  reset(): void;
  /**
   * Serves the emulator over HTTP on 127.0.0.1, in Node alone. The caller closes it.
   *
   * @param port - Default 0: a free one.
   * @throws {VercelError} When the port is taken.
   */
  listen(port?: number): Promise<RunningServer>;
}
