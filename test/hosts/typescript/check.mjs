// Type-checks a program against the package's declarations, without skipLibCheck, in each way to resolve modules that the
// installed compiler has.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('node_modules/typescript/package.json', 'utf8'));
const [major, minor] = version.split('.').map(Number);
const since = (wantedMajor, wantedMinor) =>
  major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
const hasGenerated = existsSync('vercel');
const files = ['program.ts', ...(hasGenerated ? ['generated.ts'] : [])];

// The default, what Next.js sets up, and a server.
const LIBS = [['dom', 'dom.iterable', 'dom.asynciterable'], ['dom', 'dom.iterable'], []];

// The whole API takes an older compiler ten seconds, and differs from the fixture in nothing that resolves modules.
if (process.env.SOURCE === 'fixture') checkEach();
else check('bundler', bundler(), files);

function checkEach() {
  check('node16', { module: 'node16', moduleResolution: 'node16' }, files);
  check('nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }, files);
  check('bundler', bundler(), files);
  // An older compiler does not let a CommonJS file import an ES module.
  if (since(5, 8)) check('.cts', { module: 'nodenext', moduleResolution: 'nodenext' }, ['commonjs.cts']);
  // TypeScript 7 has removed it.
  if (major === 6) check('node10', { ...node10(), ignoreDeprecations: '6.0' }, files);
  if (major === 5) check('node10', node10(), files);
  const declaration = { declaration: true, emitDeclarationOnly: true, noEmit: false, outDir: 'out' };
  for (const options of [{ module: 'nodenext', moduleResolution: 'nodenext' }, bundler()])
    check(`declarations (${options.moduleResolution})`, { ...options, ...declaration }, ['inferred.ts']);
  for (const lib of LIBS) {
    const options = { ...bundler(), lib: ['es2023', ...lib], skipLibCheck: true };
    check(`fetch of undici (${lib.join(', ') || 'without DOM'})`, options, ['fetch.ts']);
  }
}

function bundler() {
  return { module: 'esnext', moduleResolution: 'bundler' };
}

function node10() {
  return { module: 'commonjs', moduleResolution: 'node10' };
}

function check(name, options, files) {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    ...options,
  };
  writeFileSync('tsconfig.json', JSON.stringify({ compilerOptions, files }));
  const { status, stdout } = spawnSync('node_modules/.bin/tsc', ['-p', '.'], { encoding: 'utf8' });
  if (status !== 0) {
    console.error(`Error: ${name} does not compile\n${stdout}`);
    process.exit(1);
  }
  console.log(`ran: ${name}`);
}
