/**
 * The exports of `vercel-rest/mcp`, under the name that users of TanStack AI look for.
 *
 * @packageDocumentation
 */
export * from '../mcp/index.js';
