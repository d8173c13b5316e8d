// `npm run bench`: side by side with the peers, in one process and one run. Prints what it measured beside what was aimed
// at, and writes it to RESULTS.md. It asserts nothing: a figure depends on the machine.
import { writeFileSync } from 'node:fs';
import { measureCodegen } from './codegen.js';
import { measureFleet } from './fleet.js';
import { measureImportTime } from './import-time.js';
import { describeSetting, type Section, writeMarkdown } from './report.js';
import { measureRestCalls } from './rest-call.js';
import { measureSimulatedDay } from './simulated-day.js';
import { measureSizes } from './sizes.js';
import { measureTokenHits } from './token-hits.js';

const setting = describeSetting();
const sections: Section[] = [
  await step('token hits', measureTokenHits),
  ...(await step('REST calls', measureRestCalls)),
  await step('import time', measureImportTime),
  await step('simulated day', measureSimulatedDay),
  ...(await step('fleet', measureFleet)),
  ...(await step('sizes', measureSizes)),
  ...(await step('code generation', measureCodegen)),
];
const report = writeMarkdown('Benchmarks', setting, sections);
console.log(`\n${report}`);
writeFileSync(new URL('RESULTS.md', import.meta.url), report);

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  console.error(`${name} ...`);
  const result = await work();
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return result;
}
