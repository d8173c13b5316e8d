import type { components } from '../../generated/connect.js';

type Schemas = components['schemas'];

/** What each provider wants to know of a new connector, by connector type. Secret fields are never given back. */
export interface ConnectProviderData {
  'api-key': Schemas['ConnectApiKeyCreateData'];
  github: Schemas['ConnectGitHubData'];
  linear: Schemas['ConnectLinearData'];
  linq: Schemas['ConnectLinqData'];
  oauth: Schemas['ConnectOAuthData'];
  photon: Schemas['ConnectPhotonCreateData'];
  salesforce: Schemas['ConnectSalesforceData'];
  sendblue: Schemas['ConnectSendblueData'];
  slack: Schemas['ConnectSlackData'];
  snowflake: Schemas['ConnectSnowflakeCreateData'];
  'snowflake-wif': Schemas['ConnectSnowflakeWifCreateData'];
}

/** What can be changed of each provider's data, by connector type. */
export interface ConnectProviderUpdateData {
  'api-key': Schemas['ConnectApiKeyUpdateData'];
  github: Schemas['ConnectGitHubUpdateData'];
  linear: Schemas['ConnectLinearUpdateData'];
  linq: Schemas['ConnectLinqUpdateData'];
  oauth: Schemas['ConnectOAuthUpdateData'];
  photon: Schemas['ConnectPhotonUpdateData'];
  salesforce: Schemas['ConnectSalesforceUpdateData'];
  sendblue: Schemas['ConnectSendblueUpdateData'];
  slack: Schemas['ConnectSlackUpdateData'];
  snowflake: Schemas['ConnectSnowflakeUpdateData'];
  'snowflake-wif': Schemas['ConnectSnowflakeWifUpdateData'];
}

/** A type that has data of its own, or any other. */
export type ConnectorType = keyof ConnectProviderData | (string & {});

/** The data of a type; any object for a type that this package does not know yet. */
export type DataOf<Map, Type> = Type extends keyof Map ? Map[Type] : Record<string, unknown>;
