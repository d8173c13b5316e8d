// Runs a command of this program for this checkout: `npm run pull` and `npm run diff`. After a pull, src/generated is made
// from the published document and the README names it, so that the client, the mock and the contract tests know every
// operation of the API.
import { run } from '../src/cli/run.js';
import { createIo, nameDocument, version } from './checkout.js';

const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

const args = process.argv.slice(2);
process.exitCode = await run(args, version, createIo(controller.signal));
const isGenerating =
  args[0] === 'pull' && !['--check', '--no-generate', '--help', '-h'].some((flag) => args.includes(flag));
if (process.exitCode === 0 && isGenerating) await nameDocument();
