import type { components } from 'vercel-rest';

/** Small answers that every contender takes for valid, `@vercel/sdk` with its schemas included. */
export const LISTED: components['schemas']['ConnectConnectorList'] = {
  connectors: [
    {
      id: 'scl_bench0001',
      uid: 'slack/bench',
      name: 'Bench',
      displayName: 'Bench',
      service: 'slack',
      type: 'slack',
      typeName: 'Slack',
      createdAt: 1_788_000_000_000,
      updatedAt: 1_788_003_600_000,
      supportedSubjectTypes: ['app', 'user'],
      supportsIcon: 'maybe',
      supportsInstallation: true,
      supportsRevocation: true,
      supportsTriggers: true,
    },
  ],
  pagination: { next: null },
};

export const LINKED: components['schemas']['ConnectProjectConnection'] = {
  connectorId: 'scl_bench0001',
  createdAt: 1_788_000_000_000,
  updatedAt: 1_788_014_400_000,
  enabledEnvironments: ['production', 'preview'],
  project: { id: 'prj_bench0001', name: 'storefront' },
};

/** A token that lives from `now` on. */
function issue(now: number, lifeMs: number): components['schemas']['ConnectTokenResponse'] {
  return {
    token: `xoxb-bench-${now}`,
    tokenId: 'stk_bench',
    expiresAt: now + lifeMs,
    connector: { id: 'scl_bench0001', uid: 'slack/bench', type: 'slack' },
  };
}

/** The JSON for a method and a path. */
export function answerTo(method: string, path: string, lifeMs: number): string {
  if (path.includes('/connect/token/')) return JSON.stringify(issue(Date.now(), lifeMs));
  return method === 'GET' ? LIST_TEXT : LINK_TEXT;
}

const LIST_TEXT = JSON.stringify(LISTED);
const LINK_TEXT = JSON.stringify(LINKED);
