// The SDKs of providers, and clients of GraphQL and OpenAPI, with the `fetch` of createConnectFetch against the emulator's
// providers. Each has a token that the provider refuses, renews it, and goes on.
import { LinearSdk } from '@linear/sdk';
import { Octokit } from '@octokit/core';
import { WebClient } from '@slack/web-api';
import createOpenApiClient from 'openapi-fetch';
import { ConsentRequiredError, createConnectClient, createConnectFetch } from 'vercel-rest/connect';
import { createConnectEmulator } from 'vercel-rest/msw';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../connect/helpers.js';
import { fetchOf, globalFetchOf } from '../helpers/fetch-of.js';

const USERS = { users: ['user_123'], subjectTypes: ['app', 'user'] };

function createWorld() {
  const emulator = createConnectEmulator({
    connectors: ['slack/acme', 'github/acme', 'oauth/linear', 'oauth/notion'].map((uid) => ({
      uid,
      ...USERS,
    })),
  });
  const client = createConnectClient({ bearerToken: 'project-token', fetch: fetchOf(emulator.handlers) });
  return {
    emulator,
    /** A fetch whose token the provider has refused, and Connect has another. */
    async staleFetch(
      connector: string,
      origin: string,
      isRefused?: (response: Response) => Promise<boolean>,
    ) {
      const params = { subject: { type: 'user', id: 'user_123' } } as const;
      emulator.providers.refuse(await client.getToken(connector, params));
      return createConnectFetch(connector, params, {
        ...{ origin, client, isRefused },
        fetch: globalFetchOf(emulator.providers.handlers),
      });
    },
    statuses: () => emulator.providers.requests.map(({ status }) => status),
  };
}

describe('createConnectFetch in the SDKs of providers', () => {
  it('octokit', async () => {
    const { staleFetch, statuses } = createWorld();
    const fetch = await staleFetch('github/acme', 'https://api.github.com');
    const octokit = new Octokit({ request: { fetch } });
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/issues', {
      ...{ owner: 'acme', repo: 'shop', title: 'Ship the release' },
    });
    expect(data).toMatchObject({ number: 2, title: 'Ship the release' });
    expect(statuses()).toEqual([401, 201]);
  });

  it('@slack/web-api', async () => {
    const { staleFetch, emulator } = createWorld();
    const fetch = await staleFetch('slack/acme', 'https://slack.com', async (response) =>
      /"(?:invalid_auth|token_(?:expired|revoked))"/.test(await response.clone().text()),
    );
    const slack = new WebClient(undefined, { fetch });
    const posted = await slack.chat.postMessage({ channel: 'C1', text: 'Shipped.' });
    expect(posted).toMatchObject({ ok: true, channel: 'C1', message: { text: 'Shipped.' } });
    expect(emulator.providers.requests.length).toBe(2);
  });

  it('@linear/sdk', async () => {
    const { staleFetch, statuses } = createWorld();
    const fetch = await staleFetch('oauth/linear', 'https://api.linear.app');
    const linear = new LinearSdk(async (query, variables) => {
      const body = JSON.stringify({ query, variables });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch('https://api.linear.app/graphql', { method: 'POST', headers, body });
      // The SDK names the type of each answer.
      return ((await response.json()) as { readonly data: never }).data;
    });
    expect(await linear.viewer).toMatchObject({ name: 'user_123' });
    expect(statuses()).toEqual([401, 200]);
  });

  it('an OpenAPI client', async () => {
    const { staleFetch, statuses } = createWorld();
    const fetch = await staleFetch('oauth/notion', 'https://api.notion.com');
    interface Paths {
      '/v1/users/me': {
        get: { responses: { 200: { content: { 'application/json': { name: string } } } } };
      };
    }
    const notion = createOpenApiClient<Paths>({ baseUrl: 'https://api.notion.com', fetch });
    const { data } = await notion.GET('/v1/users/me', { headers: { 'notion-version': '2022-06-28' } });
    expect(data?.name).toBe('user_123');
    expect(statuses()).toEqual([401, 200]);
  });

  it('tells an SDK that consent is missing', async () => {
    const { staleFetch, emulator } = createWorld();
    const fetch = await staleFetch('github/acme', 'https://api.github.com');
    emulator.withdrawUser('github/acme', 'user_123');
    const octokit = new Octokit({ request: { fetch } });
    const error = await failureOf(octokit.request('GET /user'), Error);
    expect([error, error.cause].some((one) => one instanceof ConsentRequiredError)).toBe(true);
  });
});
