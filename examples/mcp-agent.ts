// An agent with the AI SDK, an MCP server, a GraphQL API and per-user consent, all on this machine:
//
//   npx tsx examples/mcp-agent.ts
//
// The model is scripted. Connect, the MCP server and the API are those of the emulator, over real HTTP.
import { createMCPClient } from '@ai-sdk/mcp';
import { generateText, jsonSchema, stepCountIs } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { connectMCPTransport, connectTool, toConsentResponse } from 'vercel-rest/ai-sdk';
import { createConnectClient } from 'vercel-rest/connect';
import { createConnectEmulator } from 'vercel-rest/msw';

const CONNECTOR = 'oauth/linear';
const emulator = createConnectEmulator();
const [connect, providers] = await Promise.all([emulator.listen(), emulator.providers.listen()]);
const client = createConnectClient({ baseUrl: connect.url, bearerToken: 'the-projects-oidc-token' });
const subject = { type: 'user', id: 'user_456' } as const;

/** The route of an application: answers a prompt, or says where the user gives consent. */
async function answer(prompt: string): Promise<Response> {
  const server = { type: 'http', url: `${providers.url}/mcp` } as const;
  const transport = connectMCPTransport(server, CONNECTOR, { subject }, { client });
  const viewer = connectTool(
    CONNECTOR,
    { subject },
    {
      description: 'Tells who the user is in Linear.',
      inputSchema: jsonSchema<Record<string, never>>({ type: 'object', properties: {} }),
      execute: async (_input, { connect: { fetch } }) => {
        const body = JSON.stringify({ query: '{ viewer { name email } }' });
        return (await fetch(`${providers.url}/linear/graphql`, { method: 'POST', body })).text();
      },
    },
    { origin: providers.url, client },
  );
  try {
    const mcp = await createMCPClient({ transport });
    try {
      const tools = { ...(await mcp.tools()), viewer };
      const { text } = await generateText({
        model: scriptedModel(),
        tools,
        prompt,
        stopWhen: stepCountIs(3),
      });
      return Response.json({ text });
    } finally {
      await mcp.close();
    }
  } catch (error) {
    const response = toConsentResponse(error) ?? toConsentResponse(transport.fetch);
    if (response === undefined) throw error;
    return response;
  }
}

/** A model that calls three tools, and then repeats what they said. */
function scriptedModel(): MockLanguageModelV4 {
  const calls = [
    { toolName: 'create_issue', input: { title: 'Ship the release' } },
    { toolName: 'list_issues', input: {} },
    { toolName: 'viewer', input: {} },
  ];
  const usage = {
    inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 0, text: 0, reasoning: 0 },
  };
  return new MockLanguageModelV4({
    doGenerate: async ({ prompt }) => {
      const results = prompt.flatMap(({ role, content }) => (role === 'tool' ? content : []));
      if (results.length === 0) {
        return {
          content: calls.map(({ toolName, input }, index) => ({
            ...{ type: 'tool-call', toolCallId: `call-${index}`, toolName, input: JSON.stringify(input) },
          })) as never, // The spread widens `type`.
          ...{ finishReason: { unified: 'tool-calls', raw: undefined }, usage, warnings: [] },
        };
      }
      const said = results.map((result) => ('output' in result ? JSON.stringify(result.output) : ''));
      return {
        content: [{ type: 'text', text: said.join('\n') }],
        ...{ finishReason: { unified: 'stop', raw: undefined }, usage, warnings: [] },
      };
    },
  });
}

/** Asks once, and prints what came of it and what it cost. */
async function ask(title: string): Promise<{ url?: string }> {
  const before = emulator.requests.length;
  const response = await answer('Create an issue for the release, and tell me who I am.');
  const body = (await response.json()) as { text?: string; url?: string }; // The two that `answer` makes.
  const asked = emulator.requests.slice(before).map(({ operationId, status }) => `${operationId} ${status}`);
  console.log(`\n${title}: ${response.status}\n${body.text ?? JSON.stringify(body)}`);
  console.log(`Requests to Connect: ${asked.join(', ') || 'none'}`);
  return body;
}

const { url } = await ask('1. The user has not consented');
const page = new URL(url ?? '');
emulator.approve({ request: page.pathname.split('/').at(-1) ?? '' });
// In the callback that the user's browser comes back to.
await client.getToken(CONNECTOR, { subject }, { forceRefresh: true });
await ask('2. The user has opened the page and approved');
emulator.providers.refuse(await client.getToken(CONNECTOR, { subject }));
await ask('3. The provider has refused the token, and Connect has another');
await Promise.all([providers.close(), connect.close()]);
