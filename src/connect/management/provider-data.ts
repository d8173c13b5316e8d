import type { components } from '../../generated/connect.js';

type Schemas = components['schemas'];

/** Provider data of a new connector, by connector type. The API never returns secret fields. */
export interface ConnectProviderData {
  /** Data of an API key connector. */
  'api-key': Schemas['ConnectApiKeyCreateData'];
  /** Data of a GitHub app. */
  github: Schemas['ConnectGitHubData'];
  /** Data of a Linear app. */
  linear: Schemas['ConnectLinearData'];
  /** Data of a Linq connector. */
  linq: Schemas['ConnectLinqData'];
  /** Data of an OAuth client. */
  oauth: Schemas['ConnectOAuthData'];
  /** Data of a Photon connector. */
  photon: Schemas['ConnectPhotonCreateData'];
  /** Data of a Salesforce app. */
  salesforce: Schemas['ConnectSalesforceData'];
  /** Data of a Sendblue connector. */
  sendblue: Schemas['ConnectSendblueData'];
  /** Data of a Slack app. */
  slack: Schemas['ConnectSlackData'];
  /** Data of a Snowflake connector. */
  snowflake: Schemas['ConnectSnowflakeCreateData'];
  /** Data of a Snowflake connector with workload identity federation. */
  'snowflake-wif': Schemas['ConnectSnowflakeWifCreateData'];
}

/** Provider data that an update can change, by connector type. */
export interface ConnectProviderUpdateData {
  /** Changes to an API key connector. */
  'api-key': Schemas['ConnectApiKeyUpdateData'];
  /** Changes to a GitHub app. */
  github: Schemas['ConnectGitHubUpdateData'];
  /** Changes to a Linear app. */
  linear: Schemas['ConnectLinearUpdateData'];
  /** Changes to a Linq connector. */
  linq: Schemas['ConnectLinqUpdateData'];
  /** Changes to an OAuth client. */
  oauth: Schemas['ConnectOAuthUpdateData'];
  /** Changes to a Photon connector. */
  photon: Schemas['ConnectPhotonUpdateData'];
  /** Changes to a Salesforce app. */
  salesforce: Schemas['ConnectSalesforceUpdateData'];
  /** Changes to a Sendblue connector. */
  sendblue: Schemas['ConnectSendblueUpdateData'];
  /** Changes to a Slack app. */
  slack: Schemas['ConnectSlackUpdateData'];
  /** Changes to a Snowflake connector. */
  snowflake: Schemas['ConnectSnowflakeUpdateData'];
  /** Changes to a Snowflake connector with workload identity federation. */
  'snowflake-wif': Schemas['ConnectSnowflakeWifUpdateData'];
}

/** A type that has data of its own, or any other. */
export type ConnectorType = keyof ConnectProviderData | (string & {});

/** The data of a type; any object for a type that this package does not know yet. */
export type DataOf<Map, Type> = Type extends keyof Map ? Map[Type] : Record<string, unknown>;
