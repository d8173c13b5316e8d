import type { Listing } from '../../client/page.js';
import type { components } from '../../generated/connect.js';
import type { WaitOptions } from '../consent/types.js';
import type { ConnectOptions, ConnectTokenSubject } from '../types.js';
import type {
  ConnectorType,
  ConnectProviderData,
  ConnectProviderUpdateData,
  DataOf,
} from './provider-data.js';

type Schemas = components['schemas'];

/** A connector as the management operations give it. */
export type ConnectConnector = Schemas['ConnectConnector'];
/** A link between a connector and a project. */
export type ConnectProjectConnection = Schemas['ConnectProjectConnection'];
/** A destination of a connector's events: production, one preview branch, or one custom environment. */
export type ConnectTriggerDestination = Schemas['ConnectTriggerDestinationInput'];
/** A built-in environment, or the id (`env_...`) of a custom one. */
export type ConnectEnvironment = Schemas['ConnectEnvironment'];
/** Result of an update. */
export type ConnectUpdateResult = Schemas['ConnectConnectorUpdateResult'];
/** The connector types of a service. */
export type ConnectService = Schemas['ConnectService'];
/** Counts of a revocation. */
export type ConnectRevocation = Schemas['ConnectRevokeTokensResult'];

/** Options of one management call. These operations want an access token: pass `vercelToken`, or a client's own. */
export interface ManageOptions extends Pick<ConnectOptions, 'vercelToken' | 'region' | 'signal'> {
  /** The team to act for, by id. At most one of `teamId` and `slug`; default: the client's. */
  teamId?: string | undefined;
  /** The team to act for, by slug. */
  slug?: string | undefined;
}

/** Which connectors to list. */
export interface ListConnectorsParams {
  /** Size of a page, 1 to 100. Default 20. */
  limit?: number | undefined;
  /** Starts after an earlier page: its `pagination.next`. */
  cursor?: string | undefined;
  /** Only those that are linked to this project. */
  projectId?: string | undefined;
  /** Matches names, UIDs and services. */
  search?: string | undefined;
  /** Only these types. */
  type?: string | readonly string[] | undefined;
  /** Only these services. */
  service?: string | readonly string[] | undefined;
  /** Names ascend; of the two dates the latest comes first. */
  sort?: 'name' | 'createdAt' | 'updatedAt' | undefined;
}

/** A page of a list of links. */
export interface ListLinksParams {
  /** Size of a page, 1 to 100. Default 50. */
  limit?: number | undefined;
  /** Starts after an earlier page: its `pagination.next`. */
  cursor?: string | undefined;
}

type Shared<Request> = Omit<Request, 'type' | 'service' | 'connectionMethod' | 'data'>;

/** A connector to create; `data` is of the `type`. */
export type CreateConnectorParams<Type extends ConnectorType = ConnectorType> = Shared<
  Schemas['ConnectCreateConnectorRequest']
> &
  (
    | { type: Type; service?: string; connectionMethod?: string; data: DataOf<ConnectProviderData, Type> }
    | { type?: never; service: string; connectionMethod: string; data: Record<string, unknown> }
  );

/** A managed connector to create: Connect registers the app with the provider. */
export type CreateManagedConnectorParams = Schemas['ConnectCreateManagedConnectorRequest'];

/** The page on which a person registers the app of a managed connector with its provider. */
export interface ConnectRegistration {
  /** The page to open in a browser, with the look of the connector in its query. */
  readonly url: string;
}

/** Options of the creation of a managed connector. */
export interface CreateManagedOptions extends ManageOptions {
  /** Whether to install the connector with its provider too. Default: the API's, which is not to. */
  autoinstall?: boolean | undefined;
  /** Shows a person the page of a registration; what it throws ends the call. Default: the call throws where one is wanted. */
  onRegistration?: ((registration: ConnectRegistration) => void | Promise<void>) | undefined;
  /** Told after each look that found the registration not done; what it throws ends the wait. */
  onPending?: WaitOptions['onPending'];
}

/** Changes to a connector; at least one field. Callers that use the UID break when it changes. */
export type UpdateConnectorParams<Type extends ConnectorType = ConnectorType> = Omit<
  Schemas['ConnectUpdateConnectorRequest'],
  'data'
> & { data?: DataOf<ConnectProviderUpdateData, Type> };

/** Connectors: what stands between a project and a provider. */
export interface ConnectConnectors {
  /**
   * The connectors of the team.
   *
   * @example
   * for await (const { uid } of connectors.list({ type: 'slack' }, { vercelToken })) console.log(uid);
   */
  list(params?: ListConnectorsParams, options?: ManageOptions): Listing<ConnectConnector>;
  /**
   * One connector by id or UID.
   *
   * @example
   * const { id, supportedSubjectTypes } = await connectors.get('slack/acme-slack', { vercelToken });
   */
  get(connector: string, options?: ManageOptions): Promise<ConnectConnector>;
  /**
   * Registers a connector from credentials that you hold at the provider. Not repeated when it fails on the way.
   *
   * @example
   * const { id } = await connectors.create({ type: 'oauth', name: 'CRM', data: { clientId, clientSecret } }, { vercelToken });
   */
  create<Type extends ConnectorType>(
    params: CreateConnectorParams<Type>,
    options?: ManageOptions,
  ): Promise<ConnectConnector>;
  /**
   * Has Connect register an app with the provider. Unpublished by Vercel: it can change.
   *
   * Some providers want a person to register the app in a browser. With `onRegistration` the call shows that page, waits
   * up to 115 minutes until it is done, and gives the connector; without it, it throws.
   *
   * @throws {ConnectorRegistrationRequiredError} When the provider wants a registration and `onRegistration` is missing.
   * @throws {AuthorizationDeniedError} When the person cancels the registration.
   *
   * @example
   * const bot = await connectors.createManaged(
   *   { service: 'slack', name: 'Bot' },
   *   { autoinstall: true, vercelToken, onRegistration: ({ url }) => console.log(`Open ${url}`) },
   * );
   */
  createManaged(
    params: CreateManagedConnectorParams,
    options?: CreateManagedOptions,
  ): Promise<ConnectConnector>;
  /**
   * Changes what is given and leaves the rest.
   *
   * @example
   * const { connector, reinstallNeeded } = await connectors.update('oauth/crm', { name: 'CRM 2' }, { vercelToken });
   */
  update<Type extends ConnectorType = ConnectorType>(
    connector: string,
    params: UpdateConnectorParams<Type>,
    options?: ManageOptions,
  ): Promise<ConnectUpdateResult>;
  /**
   * Deletes a connector with its links and installations, and drops its tokens from this client's cache.
   *
   * @example
   * await connectors.delete('oauth/crm', { vercelToken });
   */
  delete(connector: string, options?: ManageOptions): Promise<void>;
  /**
   * Detaches a managed connector from its manager; see `supportsManagedEjection`.
   *
   * @example
   * const { creationMode } = await connectors.eject('slack/bot', { vercelToken }); // 'manual'
   */
  eject(connector: string, options?: ManageOptions): Promise<ConnectConnector>;
  /**
   * Revokes the tokens of one subject, or with `'all'` every token of the connector, and returns what it found.
   *
   * @example
   * const counts = await connectors.revokeTokens('oauth/crm', { subject: { type: 'user', id: 'user_123' } }, { vercelToken });
   * console.log(counts?.deleted); // `undefined` when the response has no body.
   */
  revokeTokens(
    connector: string,
    whose: 'all' | { subject: ConnectTokenSubject; installationId?: string | undefined },
    options?: ManageOptions,
  ): Promise<ConnectRevocation | undefined>;
  /**
   * Returns the connector types of a service. Unpublished by Vercel: it can change.
   *
   * @example
   * const { types } = await connectors.getService('slack', { schemas: true, vercelToken });
   */
  getService(
    service: string,
    options?: ManageOptions & { schemas?: boolean | undefined },
  ): Promise<ConnectService>;
}

/** Links between connectors and projects. */
export interface ConnectProjects {
  /**
   * The projects that a connector is linked to.
   *
   * @example
   * for await (const { project } of projects.list('slack/acme-slack', {}, { vercelToken })) console.log(project.name);
   */
  list(
    connector: string,
    params?: ListLinksParams,
    options?: ManageOptions,
  ): Listing<ConnectProjectConnection>;
  /**
   * Lists the links of a project to connectors. Each item has `connectorId` and not the connector itself.
   *
   * @example
   * for await (const link of projects.listConnectors('prj_shop', {}, { vercelToken })) console.log(link.connectorId);
   */
  listConnectors(
    projectId: string,
    params?: ListLinksParams,
    options?: ManageOptions,
  ): Listing<ConnectProjectConnection>;
  /**
   * The link between a connector and one project.
   *
   * @example
   * const { enabledEnvironments } = await projects.get('slack/acme-slack', 'prj_shop', { vercelToken });
   */
  get(connector: string, projectId: string, options?: ManageOptions): Promise<ConnectProjectConnection>;
  /**
   * Links a project, or changes its link: the environments **replace** those that were enabled.
   *
   * @example
   * await projects.attach('slack/acme-slack', 'prj_shop', { environments: ['production', 'preview'] }, { vercelToken });
   */
  attach(
    connector: string,
    projectId: string,
    link: { environments: readonly ConnectEnvironment[] },
    options?: ManageOptions,
  ): Promise<ConnectProjectConnection>;
  /**
   * Ends a link; with `environment` only for that one, and the link ends with its last.
   *
   * @example
   * await projects.detach('slack/acme-slack', 'prj_shop', { environment: 'preview', vercelToken });
   */
  detach(
    connector: string,
    projectId: string,
    options?: ManageOptions & { environment?: ConnectEnvironment | undefined },
  ): Promise<void>;
}

/** Sets the destinations of a connector's events. */
export interface ConnectTriggers {
  /**
   * Sets the destinations, three at most; they **replace** those that there were.
   *
   * @example
   * await triggers.set('slack/acme-slack', [{ projectId: 'prj_shop', path: '/api/slack' }], { vercelToken });
   */
  set(
    connector: string,
    destinations: readonly ConnectTriggerDestination[],
    options?: ManageOptions,
  ): Promise<ConnectConnector>;
  /**
   * Forwards events nowhere. They are billed all the same until the provider stops sending them.
   *
   * @example
   * await triggers.clear('slack/acme-slack', { vercelToken });
   */
  clear(connector: string, options?: ManageOptions): Promise<ConnectConnector>;
}
