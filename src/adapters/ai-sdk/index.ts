/**
 * The exports of `vercel-rest/mcp`, under the name that users of the AI SDK look for.
 *
 * @packageDocumentation
 */
export * from '../mcp/index.js';
