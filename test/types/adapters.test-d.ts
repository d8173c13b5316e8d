import type { OAuthClientProvider as AiProvider } from '@ai-sdk/mcp';
import { createMCPClient as createAiClient } from '@ai-sdk/mcp';
import type { AuthProvider, OAuthClientProvider as ProviderV2 } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import type { OAuthClientProvider as ProviderV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createMCPClient as createTanStackClient } from '@tanstack/ai-mcp';
import type * as theirs from '@vercel/connect/tanstack-ai';
import { jsonSchema, type ToolSet } from 'ai';
import * as ours from 'vercel-rest/tanstack-ai';
import { describe, expectTypeOf, it } from 'vitest';

const user = { subject: { type: 'user', id: 'user_123' } } as const;

describe('a provider fits every host', () => {
  it('as an OAuthClientProvider', () => {
    expectTypeOf<ours.ConnectOAuthClientProvider>().toExtend<ProviderV1>();
    expectTypeOf<ours.ConnectOAuthClientProvider>().toExtend<ProviderV2>();
    expectTypeOf<ours.ConnectOAuthClientProvider>().toExtend<AiProvider>();
  });

  it('as the AuthProvider of the second SDK', () => {
    expectTypeOf<ours.ConnectMcpAuth>().toExtend<AuthProvider>();
  });
});

describe('a transport fits every host', () => {
  it('with its fetch', () => {
    const transport = ours.connectMCPTransport({ type: 'http', url: 'https://a.example' }, 'c', user);
    new HttpV1(new URL('https://a.example'), { fetch: transport.fetch });
    new HttpV2(new URL('https://a.example'), { fetch: transport.fetch });
    void createAiClient({ transport });
    void createTanStackClient({ transport });
    expectTypeOf(transport.fetch).toExtend<typeof fetch>();
  });
});

describe('a tool fits the AI SDK', () => {
  it('and knows its input', () => {
    const tool = ours.connectTool(
      'c',
      user,
      {
        description: 'd',
        needsApproval: true,
        inputSchema: jsonSchema<{ title: string }>({ type: 'object' }),
        execute: async ({ title }, { connect, abortSignal }) => {
          expectTypeOf(title).toEqualTypeOf<string>();
          expectTypeOf(abortSignal).toEqualTypeOf<AbortSignal | undefined>();
          expectTypeOf(connect.token()).toEqualTypeOf<Promise<string>>();
          return { done: title };
        },
      },
      { origin: 'https://a.example' },
    );
    expectTypeOf(tool.needsApproval).toEqualTypeOf<boolean>();
    const tools = { tool } satisfies ToolSet;
    expectTypeOf(tools.tool.execute).returns.resolves.toEqualTypeOf<
      { done: string } | ours.ConsentRequiredResult
    >();
  });
});

describe('what @vercel/connect takes and gives', () => {
  it('is taken and given here', () => {
    type Options = NonNullable<Parameters<typeof theirs.connectAuthProvider>[2]>;
    // A callback for their challenge does not expect the subjects that are new here.
    expectTypeOf<Omit<Options, 'onConsentRequired'>>().toExtend<ours.ConnectAuthProviderOptions>();
    expectTypeOf<
      Omit<theirs.ConnectMCPTransportOptions, 'onConsentRequired'>
    >().toExtend<ours.ConnectMCPTransportOptions>();
    expectTypeOf<ours.ConnectOAuthClientProvider>().toExtend<theirs.ConnectOAuthClientProvider>();
    expectTypeOf<ours.ConnectOAuthTokens>().toEqualTypeOf<theirs.ConnectOAuthTokens>();
    expectTypeOf<ours.ConnectOAuthDiscoveryState>().toEqualTypeOf<theirs.ConnectOAuthDiscoveryState>();
    expectTypeOf<theirs.ConsentChallenge>().toExtend<ours.ConsentChallenge>();
    expectTypeOf<typeof ours.getConsentChallenge>().toExtend<
      (error: unknown) => Pick<ours.ConsentChallenge, 'url' | 'verifier'> | undefined
    >();
  });
});

describe('what does not compile', () => {
  it('a fetch without an origin, a consent mode that does not exist', () => {
    // @ts-expect-error The token has to be sent somewhere.
    ours.createConnectFetch('c', user, {});
    // @ts-expect-error eager or transport
    ours.connectAuthProvider('c', user, { consent: 'later' });
    // @ts-expect-error There is no such transport.
    ours.connectMCPTransport({ type: 'ws', url: 'https://a.example' }, 'c', user);
  });
});
