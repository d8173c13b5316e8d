// Opens a program in a language service, as an editor does, completes the fields of a body, and shows what each `data` is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const [folder, name] = process.argv.slice(2);
const { config } = ts.readConfigFile(join(folder, `tsconfig-${name}.json`), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
const file = join(folder, `program-${name}.ts`);
const before = readFileSync(file, 'utf8');
const TYPED = "\nawait client.POST('/v11/projects', { body: {  } });\n";
const ASKED =
  "const { data } = await client.GET('/v9/projects/{idOrName}', { params: { path: { idOrName: 'a' } } });\n";
const text = before + TYPED + ASKED;
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  // As tsserver has it: nothing is looked at again while nothing changes.
  getProjectVersion: () => '1',
  getScriptVersion: () => '1',
  getScriptSnapshot: (path) => {
    const content = path === file ? text : ts.sys.readFile(path);
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
  },
  getCurrentDirectory: () => folder,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
});

const started = performance.now();
const names =
  service.getCompletionsAtPosition(file, before.length + TYPED.indexOf('{  }') + 2, {})?.entries ?? [];
const completed = performance.now();
// Of the first call of the program, before anything was checked.
service.getQuickInfoAtPosition(file, before.indexOf('{ data }') + 2);
const firstShown = performance.now();
// An editor checks the whole file soon after it opens it. From then on a hover costs what it takes to print the type.
service.getSemanticDiagnostics(file);
// One hover takes a few milliseconds, as the collector does: the median of many counts.
const places = [...text.matchAll(/\{ data \}/g)].map(({ index }) => index + 2);
const hovers = places.slice(1).map((place) => {
  const asked = performance.now();
  if (service.getQuickInfoAtPosition(file, place) === undefined) throw new Error('nothing is shown of data');
  return performance.now() - asked;
});
hovers.sort((a, b) => a - b);
if (!names.some((entry) => entry.name === 'framework'))
  throw new Error('the fields of the body are not completed');
console.log(
  JSON.stringify({
    completionMs: completed - started,
    firstHoverMs: firstShown - completed,
    hoverMs: hovers[hovers.length >> 1],
  }),
);
