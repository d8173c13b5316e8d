import type { Fetch } from '../../transport/fetch-send.js';
import type { RawBody } from './incoming.js';
import type { ReplayStore } from './replay.js';

/** The project, environment and connector that an event must be for. */
export interface TriggerExpectations {
  /**
   * The project that receives: one, several, or `'*'` for any, which needs `ownerId` or `audience`. Default
   * `VERCEL_PROJECT_ID`; without either everything is refused.
   */
  readonly projectId?: string | readonly string[] | undefined;
  /** The environment that receives. Default `VERCEL_TARGET_ENV`, else `VERCEL_ENV`; `'*'` for any. */
  readonly environment?: string | readonly string[] | undefined;
  /** The team's id. Default: any team that the project belongs to. */
  readonly ownerId?: string | undefined;
  /** Default: `https://vercel.com/<team>`, of the token's own team. */
  readonly audience?: string | readonly string[] | undefined;
  /** The connectors that may send, by id or UID. Default: every connector of the project. */
  readonly connector?: string | readonly string[] | undefined;
  /** The client that Connect forwards as. Default `api-connex`. */
  readonly clientId?: string | undefined;
  /** Oldest token, in milliseconds. Default 300 000. */
  readonly maxTokenAgeMs?: number | undefined;
  /** Tolerated difference between the clocks, in milliseconds. Default 60 000. */
  readonly clockToleranceMs?: number | undefined;
}

/** Options of {@link verifyTrigger}. */
export interface VerifyTriggerOptions extends TriggerExpectations {
  /** Refuses what was received before. Default: nothing is remembered. */
  readonly replay?: ReplayStore | undefined;
  /**
   * Selects what counts as a replay: the same `token` (default) with any body, or the same token with the same `body`, for
   * a sender that uses one token for several events.
   */
  readonly replayPer?: 'token' | 'body' | undefined;
  /** The raw body, where a framework has read it already. */
  readonly body?: RawBody | undefined;
  /** Longest body, in bytes. Default 5 000 000. */
  readonly maxBodyBytes?: number | undefined;
}

/** Options of {@link createTriggerVerifier}. */
export interface TriggerVerifierOptions {
  /** Default: Vercel's. https, or http on this machine, e.g. an emulator's. */
  readonly jwksUrl?: string | undefined;
  /** Default: the global `fetch`, looked up at each use. */
  readonly fetch?: Fetch | undefined;
}

/** The connector of an event, from the signed claim. */
export interface TriggerSource {
  /** `scl_...` */
  readonly id: string;
  /** UID of the connector, e.g. `slack/acme-slack`. */
  readonly uid: string;
  /** Type of the connector, e.g. `slack`. */
  readonly type: string;
  /** The provider. */
  readonly service: string;
}

/** An event that Connect forwarded. What is in `body` was written by the provider. */
export interface TriggerEvent {
  /** The connector that the event came through. */
  readonly connector: TriggerSource;
  /** Project that the event is for. */
  readonly projectId: string;
  /** Environment that the event is for. */
  readonly environment: string;
  /** Id of the team, if the token has it. */
  readonly ownerId: string | undefined;
  /** All claims of the token. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The body as it was sent. */
  readonly body: Uint8Array;
  /** The body as text. */
  text(): string;
  /** The body as JSON. @throws {SyntaxError} */
  json(): unknown;
  /** To be called when handling failed: lets Connect's next attempt through the replay store. */
  release(): Promise<void>;
}

/** Options of `createConnectWebhookVerifier`, under their name in `@vercel/connect/chat`. */
export type ConnectWebhookVerifierOptions = VerifyTriggerOptions;

/** The verifier of a Chat SDK adapter: resolves to `true`, or rejects with a `VerificationError`. */
export type ConnectWebhookVerifier = (request: Request, body?: unknown) => Promise<true>;
