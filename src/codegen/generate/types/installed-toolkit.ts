import { findToolkit } from './toolkit.js';

const found = findToolkit();
// `loadGenerator` has said so in words for people, before it loads what imports this.
if ('version' in found) throw new Error(`TypeScript ${found.version} has no API to compile with`);

export const { compiler, openapiTypescript } = found;
