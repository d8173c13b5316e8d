import { generateText, jsonSchema, stepCountIs } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { ConsentRequiredError, connectTool, isConsentRequiredResult } from 'vercel-rest/ai-sdk';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../connect/helpers.js';
import { CONSENTED, createWorld, LINEAR, STRANGER } from './world.js';

const LINEAR_URL = 'https://api.linear.app/graphql';
const inputSchema = jsonSchema<{ query: string }>({
  type: 'object',
  properties: { query: { type: 'string' } },
});
const CALL = { toolCallId: 'call-1', messages: [] };

function createTool(
  world: ReturnType<typeof createWorld>,
  params: typeof CONSENTED | typeof STRANGER,
  options: { readonly onMissingConsent?: 'result' | 'throw' } = {},
) {
  return connectTool(
    LINEAR,
    params,
    {
      description: 'Asks Linear.',
      needsApproval: true,
      inputSchema,
      async execute({ query }, { connect }): Promise<unknown> {
        const response = await connect.fetch(LINEAR_URL, { method: 'POST', body: JSON.stringify({ query }) });
        return { answer: await response.json(), token: await connect.token() };
      },
    },
    { origin: LINEAR_URL, client: world.client, fetch: world.fetch, ...options },
  );
}

describe('connectTool', () => {
  it('gives execute a fetch and a token', async () => {
    const world = createWorld();
    const tool = createTool(world, CONSENTED);
    expect(tool).toMatchObject({ description: 'Asks Linear.', needsApproval: true, inputSchema });
    expect(await tool.execute({ query: '{ viewer { name } }' }, CALL)).toMatchObject({
      answer: { data: { viewer: { name: 'user_123' } } },
      token: await world.client.getToken(LINEAR, CONSENTED),
    });
  });

  it('gives the consent page as a result, without a secret, or throws', async () => {
    const world = createWorld();
    const result = await createTool(world, STRANGER).execute({ query: '{ viewer { name } }' }, CALL);
    expect(result).toEqual({
      ...{ status: 'authorization_required', connector: LINEAR, expiresAt: expect.any(Number) },
      url: expect.stringContaining('https://connect.vercel.com/authorize/'),
    });
    expect([isConsentRequiredResult(result), isConsentRequiredResult({ status: 'done' })]).toEqual([
      true,
      false,
    ]);
    const throwing = createTool(world, STRANGER, { onMissingConsent: 'throw' });
    await failureOf(throwing.execute({ query: '' }, CALL), ConsentRequiredError);
  });

  it('throws what execute throws', async () => {
    const { client } = createWorld();
    const failure = new Error('no such team');
    const execute = () => Promise.reject(failure);
    const tool = connectTool(LINEAR, CONSENTED, { inputSchema, execute }, { origin: LINEAR_URL, client });
    await expect(tool.execute({ query: '' }, CALL)).rejects.toBe(failure);
  });

  it('stops with the tool call', async () => {
    const world = createWorld();
    const reason = new Error('the user left');
    const call = { ...CALL, abortSignal: AbortSignal.abort(reason) };
    await expect(createTool(world, CONSENTED).execute({ query: '' }, call)).rejects.toBe(reason);
    const { signal } = new AbortController();
    const own = connectTool(
      LINEAR,
      CONSENTED,
      { inputSchema, execute: (_input, { connect }) => connect.fetch(LINEAR_URL, { signal }) },
      { origin: LINEAR_URL, client: world.client, fetch: world.fetch },
    );
    await expect(own.execute({ query: '' }, call)).rejects.toBe(reason);
  });

  it('shows the model no consent page, in a run of the AI SDK', async () => {
    const world = createWorld();
    const usage = {
      inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 0, text: 0, reasoning: 0 },
    };
    const input = JSON.stringify({ query: '{ viewer { name } }' });
    const model = new MockLanguageModelV4({
      doGenerate: [
        {
          content: [{ type: 'tool-call', toolCallId: 'call-1', toolName: 'linear', input }],
          ...{ finishReason: { unified: 'tool-calls', raw: undefined }, usage, warnings: [] },
        },
        {
          content: [{ type: 'text', text: 'Please authorize Linear.' }],
          ...{ finishReason: { unified: 'stop', raw: undefined }, usage, warnings: [] },
        },
      ],
    });
    const { steps } = await generateText({
      ...{ model, prompt: 'Who am I?', stopWhen: stepCountIs(2) },
      tools: { linear: { ...createTool(world, STRANGER), needsApproval: false } },
    });
    expect(steps[0]?.toolResults[0]?.output).toMatchObject({ status: 'authorization_required' });
    const seen = JSON.stringify(model.doGenerateCalls[1]?.prompt);
    expect(seen).toContain('has to authorize oauth/linear');
    expect(seen).not.toContain('https://connect.vercel.com');
  });

  it('shows the model every other result as the AI SDK does', () => {
    const { toModelOutput } = createTool(createWorld(), CONSENTED);
    expect([toModelOutput({ output: 'text' }), toModelOutput({ output: { a: 1 } })]).toEqual([
      { type: 'text', value: 'text' },
      { type: 'json', value: { a: 1 } },
    ]);
    expect(toModelOutput({ output: undefined })).toEqual({ type: 'json', value: null });
  });
});
