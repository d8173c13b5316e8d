import type { EmulatedConnector } from './types.js';

/** The environments of a link without named ones. */
export const DEFAULT_ENVIRONMENTS: readonly string[] = ['production', 'preview', 'development'];

/** The default creation time, fixed so that responses do not depend on the day. */
export const EPOCH_MS = 1_788_000_000_000;

/** The connectors of an emulator without the option `connectors`. */
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

/** Returns the prefix of a provider's tokens: like the provider's own, and visibly emulated. */
export function tokenPrefixOf(connectorType: string, subjectType: string): string {
  return PREFIXES[connectorType]?.[subjectType] ?? `${connectorType}-emulated-`;
}
