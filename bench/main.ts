// `npm run bench`: side by side with the peers, in one process and one run. Prints what it measured beside what was aimed
// at, and writes it to RESULTS.md. It asserts nothing: a figure depends on the machine. `npm run bench -- mock` measures that
// part alone, and writes nothing.
import { writeFileSync } from 'node:fs';
import { measureCodegen } from './codegen.js';
import { measureDeployFolder } from './deploy-folder.js';
import { measureFleet } from './fleet.js';
import { measureForeignMocks } from './foreign-mocks.js';
import { measureImportTime } from './import-time.js';
import { measureLargeBodies } from './large-bodies.js';
import { measureMock } from './mock.js';
import { describeSetting, type Section, writeMarkdown } from './report.js';
import { measureRestCalls } from './rest-call.js';
import { measureSimulatedDay } from './simulated-day.js';
import { measureSizes } from './sizes.js';
import { measureTokenHits } from './token-hits.js';
import { measureTypeCost } from './type-cost.js';
import { measureUsages } from './usages.js';

const PARTS: Readonly<Record<string, () => Promise<Section | Section[]>>> = {
  'token hits': measureTokenHits,
  'REST calls': measureRestCalls,
  'large bodies': measureLargeBodies,
  'import time': measureImportTime,
  'simulated day': measureSimulatedDay,
  fleet: measureFleet,
  sizes: measureSizes,
  'code generation': measureCodegen,
  'type cost': measureTypeCost,
  usages: measureUsages,
  mock: measureMock,
  'foreign mocks': measureForeignMocks,
  'deploy folder': measureDeployFolder,
};

const wanted = process.argv.slice(2);
const setting = describeSetting();
const sections: Section[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) sections.push(...[await step(name, measure)].flat());
}
const report = writeMarkdown('Benchmarks', setting, sections);
console.log(`\n${report}`);
if (wanted.length === 0) writeFileSync(new URL('RESULTS.md', import.meta.url), report);

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  console.error(`${name} ...`);
  const result = await work();
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return result;
}
