import type { components } from '../../generated/connect.js';

type Schemas = components['schemas'];

/** Provider data of a new connector, by connector type. The API never returns secret fields. */
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

/** Provider data that an update can change, by connector type. */
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
