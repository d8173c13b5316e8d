// A `fetch` of undici, whose declarations of a body are those of Node.js and not those of the DOM.
import * as undici from 'undici';
import { createClient, type Fetch } from 'vercel-rest';
import { createConnectClient, createTriggerVerifier } from 'vercel-rest/connect';

export const client = createClient({ fetch: undici.fetch });
export const connect = createConnectClient({ fetch: undici.fetch });
export const verifier = createTriggerVerifier({ fetch: undici.fetch });

const dispatcher = new undici.Agent();
export const wrapped = createClient({ fetch: (url, init) => undici.fetch(url, { ...init, dispatcher }) });
export const passed = createClient({ fetch: (url, init) => fetch(url, init) });
export const globalFetch = createClient({ fetch });
export const named: Fetch = undici.fetch;
