// The package as it is published: built, and not the sources, which tsx would compile in a way that slows ours alone.
const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;

const main: typeof import('vercel-rest') = await import(built('index.js'));
const connect: typeof import('vercel-rest/connect') = await import(built('connect/index.js'));
const msw: typeof import('vercel-rest/msw') = await import(built('msw/index.js'));
const redis: typeof import('vercel-rest/redis') = await import(built('redis/index.js'));

export const { createClient } = main;
export const { createConnectClient } = connect;
export const { createRedisStore } = redis;
export const { createHandlers } = msw;
