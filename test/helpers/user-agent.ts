import { VERSION } from '../../src/util/user-agent.js';

/** What a client sends as `User-Agent` in these tests. */
export const USER_AGENT = `vercel-rest/${VERSION} node/${process.versions.node}`;
