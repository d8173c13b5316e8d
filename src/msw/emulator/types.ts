import type { RequestHandler } from 'msw';
import type { components } from '../../generated/index.js';
import type { RunningServer } from '../server/serve-handlers.js';
import type { OperationId } from '../types.js';
import type { EmulatedForward } from './forwards.js';
import type { EmulatedProviders } from './providers.js';

/** A connector as the API gives it. */
export type EmulatedConnectorFacts = components['schemas']['ConnectConnector'];

/** A connector for the emulator to begin with; all but `uid` has a default. */
export interface EmulatedConnector {
  /** `<service>/<name>`; both this and the id work in a path. */
  readonly uid: string;
  /** Default: `scl_` and 22 characters that depend on `uid` alone. */
  readonly id?: string | undefined;
  /** Default: the service of the UID. */
  readonly type?: string | undefined;
  /** Default: the UID. */
  readonly name?: string | undefined;
  /** Subject types that tokens are issued for; others are answered 400. Default `['app', 'user']`. */
  readonly subjectTypes?: readonly string[] | undefined;
  /**
   * Installations with the provider, the default one first. Empty: it has to be installed first. Default: absent, which
   * is a connector that knows no installations.
   */
  readonly installations?: readonly string[] | undefined;
  /** Users who have consented. Default: nobody. */
  readonly users?: readonly string[] | undefined;
  /** `false`: nothing valid is stored and nothing can be issued (`no_token`). Default `true`. */
  readonly issuesTokens?: boolean | undefined;
  /** What tokens begin with. Default: by type, e.g. `xoxb-emulated-`. */
  readonly tokenPrefix?: string | undefined;
  /** Environments by linked project. Default: every project is linked in production, preview and development. */
  readonly links?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Whether the provider sends events. Default: by the service of the UID, e.g. `true` for Slack. */
  readonly supportsTriggers?: boolean | undefined;
  /** Public configuration of the provider, as `getConnector` gives it. Default: none. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  /** Epoch milliseconds. Default: a fixed time in 2026. */
  readonly createdAt?: number | undefined;
}

/** Whom a bearer stands for. */
export interface EmulatedCredential {
  /** Default: made from the bearer, so that two bearers are two projects; for `kind: 'access'` none. */
  readonly projectId?: string | undefined;
  /** Default `production`; for `kind: 'access'` none, and links are then checked for the project alone. */
  readonly environment?: string | undefined;
  /** A project's OIDC token or an access token. Default `oidc`. */
  readonly kind?: 'oidc' | 'access' | undefined;
  /** Whose access token it is, as `GET /v2/user` tells. Default `user_123`. */
  readonly userId?: string | undefined;
}

/** What {@link createConnectEmulator} takes. */
export interface EmulatorOptions {
  /** Where the API is. Default: `https://api.vercel.com` and its regions. */
  readonly baseUrl?: string | undefined;
  /** Default 1. Another seed gives other tokens, ids and generated bodies, the same every time. */
  readonly seed?: number | string | undefined;
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Life of an issued token, in milliseconds. Default 3 600 000, an hour. */
  readonly tokenLifetimeMs?: number | undefined;
  /**
   * `empty`: an account on its first day. Nothing is there, no project is linked until it is attached, and a bearer that is no
   * project's OIDC token is the access token of `user_123`, which has tokens of linked connectors, for the app and that user
   * alone. Default `seeded`: connectors to try with, linked to every project.
   */
  readonly account?: 'seeded' | 'empty' | undefined;
  /** Connectors in place of the default ones. */
  readonly connectors?: readonly EmulatedConnector[] | undefined;
  /**
   * The bearers that are known, and whom they stand for; any other is answered 401. Default: every bearer is known. A
   * project's OIDC token is of the project and environment that it names (it is not verified); any other bearer is of a
   * project of its own, in production, and may use what is created through the API.
   */
  readonly credentials?:
    | Readonly<Record<string, EmulatedCredential>>
    | ((bearer: string) => EmulatedCredential | undefined)
    | undefined;
}

/** One request that the emulator got, also one that it refused. */
export interface RecordedRequest {
  /** `undefined` for a path or method that the document does not have. */
  readonly operationId: string | undefined;
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path as it was sent, still encoded. */
  readonly path: string;
  readonly url: string;
  /** As text, as it was sent; of a repeated parameter the last. */
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name. The credential is among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bearer: string | undefined;
  /** Parsed JSON, the text of what is no JSON, `undefined` for no body. */
  readonly body: unknown;
  /** Status of the answer; `undefined` until it is given. */
  readonly status: number | undefined;
}

/** A failure to play instead of the next answer. */
export interface PlannedFailure {
  /** Default: whichever operation is called next. */
  readonly operationId?: OperationId | undefined;
  /** From 200 to 599. */
  readonly status: number;
  /** Default: an error body with the status's usual code. */
  readonly body?: unknown;
  /** E.g. `{ 'retry-after': '2' }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How many answers to replace. Default 1. */
  readonly times?: number | undefined;
}

/** A Vercel Connect with state. Connectors are named by id or UID everywhere. */
export interface ConnectEmulator {
  /** For msw: `setupServer(...emulator.handlers)`. */
  readonly handlers: RequestHandler[];
  /**
   * The providers behind the connectors, among them an MCP server. They have handlers of their own:
   * `setupServer(...emulator.handlers, ...emulator.providers.handlers)`.
   */
  readonly providers: EmulatedProviders;
  /**
   * One entry a request, in order of arrival: the latest ten thousand, and of those as many as have 16 million characters
   * together.
   */
  readonly requests: readonly RecordedRequest[];
  /** The present connectors, oldest first. */
  readonly connectors: readonly EmulatedConnectorFacts[];
  /** Requests for consent and installation, oldest first. */
  readonly consents: readonly {
    readonly request: string;
    readonly outcome: 'pending' | 'approved' | 'denied';
  }[];
  /** Adds a connector, or puts it in place of the one with this UID. */
  addConnector(connector: EmulatedConnector): void;
  /** Records a user's consent. @throws {InvalidArgumentError} For an unknown connector, as all that follow. */
  grantUser(connector: string, userId: string): void;
  /** Takes a user's consent back, and the tokens that hang on it. */
  withdrawUser(connector: string, userId: string): void;
  /** Installs a connector with its provider; the first installation is the default one. */
  install(connector: string, installationId: string): void;
  /** Ends an installation, and the tokens that hang on it. */
  uninstall(connector: string, installationId: string): void;
  /** Links a project. Default environments: production, preview, development. */
  link(connector: string, projectId: string, environments?: readonly string[]): void;
  /** Ends the link to a project, also one that there was by default. */
  unlink(connector: string, projectId: string): void;
  /** Approves a request for consent or installation, as a person does on its page. */
  approve(authorization: { readonly request: string }): void;
  /** Denies it. */
  deny(authorization: { readonly request: string }): void;
  /**
   * The forwards of an event of the provider: one a destination, each signed with this emulator's keys as Connect signs
   * with Vercel's. Over HTTP: `POST /connect/trigger/{connector}`.
   *
   * @param body - Text as it is, anything else as JSON.
   */
  forward(connector: string, body: unknown): Promise<EmulatedForward[]>;
  /** The public keys, also at `/.well-known/jwks`: give their URL to `createTriggerVerifier` as `jwksUrl`. */
  jwks(): Promise<{ readonly keys: readonly object[] }>;
  /**
   * Plays a failure in place of the next answer to a valid request; several wait in line.
   *
   * @throws {InvalidArgumentError} For an unknown operation id or an impossible status or number of times.
   */
  failNext(failure: PlannedFailure): void;
  /** Puts everything back to the start: connectors, tokens, planned failures, requests. */
  reset(): void;
  /**
   * Serves the emulator over HTTP on 127.0.0.1; the caller closes it. Works in Node alone.
   *
   * @param port - Default 0: a free one.
   * @throws {VercelError} When the port is taken.
   */
  listen(port?: number): Promise<RunningServer>;
}
