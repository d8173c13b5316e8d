import type { EmulatedConnector } from './types.js';

/** The environments of a link that names none. */
export const DEFAULT_ENVIRONMENTS: readonly string[] = ['production', 'preview', 'development'];

/** Whatever has no time of its own was made then, so that answers do not depend on the day. */
export const EPOCH_MS = 1_788_000_000_000;

/** The connectors of an emulator that is given none. */
export const DEFAULT_CONNECTORS: readonly EmulatedConnector[] = [
  {
    uid: 'slack/acme-slack',
    name: 'Acme Slack',
    subjectTypes: ['app'],
    installations: ['inst_acme_slack'],
    data: { appId: 'A0EMULATED1', appName: 'Acme Slack' },
  },
  {
    uid: 'oauth/linear',
    name: 'Linear',
    subjectTypes: ['user', 'jwt-bearer', 'token'],
    users: ['user_123'],
    data: { clientId: 'emulated-linear-client', serverUrl: 'https://linear.example.com' },
  },
  {
    uid: 'github/acme',
    name: 'Acme GitHub',
    installations: [],
    data: { appSlug: 'acme', appName: 'Acme GitHub' },
  },
  { uid: 'api-key/revoked', name: 'Revoked API key', subjectTypes: ['app'], issuesTokens: false },
];

const PREFIXES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  slack: { app: 'xoxb-emulated-', user: 'xoxp-emulated-' },
  github: { app: 'ghs_emulated_', user: 'ghu_emulated_' },
  linear: { app: 'lin_oauth_emulated_', user: 'lin_oauth_emulated_' },
};

/** What a provider's tokens begin with: like the provider's own, and plainly no real one. */
export function tokenPrefixOf(connectorType: string, subjectType: string): string {
  return PREFIXES[connectorType]?.[subjectType] ?? `${connectorType}-emulated-`;
}
