import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeFiles } from '../../../src/codegen/generate/generated-folder.js';
import { generateForUse } from '../../../src/codegen/usages/generate-for-use.js';
import { findImpact } from '../../../src/codegen/usages/impact.js';
import type { OpenApiDocument } from '../../../src/openapi/document.js';
import { isRecord } from '../../../src/util/is-record.js';
import { publishedNames, readPublished } from '../../openapi/normalize/documents.js';
import { COMPILER_OPTIONS, writeCaller } from './caller-project.js';

const PROGRAMS = 10;
const everyPair = publishedNames.flatMap((older, index) =>
  publishedNames.slice(index + 1).map((newer) => [older, newer] as const),
);
// `npm run soak` takes them all. One takes half a minute: CI, with `PUBLISHED=all`, has it.
const isLong = process.env.USES_PAIRS === 'all' || process.env.PUBLISHED === 'all';
const pairs =
  process.env.USES_PAIRS === 'all'
    ? everyPair
    : everyPair.filter((_, index) => isLong && index === everyPair.length - 4);
if (!isLong) console.log('broken lines are compared with PUBLISHED=all');

/** Calls every operation, a tenth of them in each program, and reads what its first success promises, one property a line. */
function programsOf(document: OpenApiDocument): string[] {
  const programs: string[][] = Array.from({ length: PROGRAMS }, () => []);
  let count = 0;
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(isRecord(item) ? item : {})) {
      if (
        !isRecord(operation) ||
        !isRecord(operation.responses) ||
        !/^(?:get|post|put|patch|delete)$/.test(method)
      )
        continue;
      const success = Object.entries(operation.responses).find(([status]) => /^2/.test(status));
      const [status, response] = success ?? [];
      if (status === undefined || !isRecord(response) || !isRecord(response.content)) continue;
      const [media] = Object.keys(response.content);
      const schema = Object(Object.values(response.content)[0]).schema;
      const name = `Answer${count}`;
      const lines = [
        `type ${name} = paths['${path}']['${method}']['responses'][${status}]['content']['${media}'];`,
        `declare const answer${count}: ${name};`,
        ...Object.keys(isRecord(schema?.properties) ? schema.properties : {})
          .slice(0, 6)
          .map((property) => `console.log(answer${count}[${JSON.stringify(property)}]);`),
        `export const call${count} = () => client.${method.toUpperCase()}('${path}', {} as never);`,
      ];
      programs[count % PROGRAMS]?.push(...lines);
      count += 1;
    }
  }
  const head =
    "import { createClient } from 'vercel-rest';\nimport { operations, type paths } from './api/index.js';\nconst client = createClient<paths>({ operations });\n";
  return programs.map((lines) => `${head}${lines.join('\n')}\n`);
}

/** The lines that the compiler itself finds wrong with what is on the disk. */
function errorLines(folder: string, options: ts.CompilerOptions, files: readonly string[]): Set<string> {
  const program = ts.createProgram(files, options);
  return new Set(
    files.flatMap((name) => {
      const file = program.getSourceFile(name);
      return program.getSemanticDiagnostics(file).map(({ start = 0 }) => {
        const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
        return `${name.slice(folder.length + 1)}:${line}`;
      });
    }),
  );
}

describe.skipIf(pairs.length === 0)('broken lines of ten programs over the whole API', () => {
  test.each(pairs)('%s to %s', { timeout: 300_000 }, async (older, newer) => {
    const [before, after] = [readPublished(older), readPublished(newer)];
    const folder = await mkdtemp(join(tmpdir(), 'vercel-rest-pairs-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, 'api'));
    const files = programsOf(before).map((_, index) => join(folder, `program-${index}.ts`));
    for (const [index, text] of programsOf(before).entries()) await writeFile(files[index] ?? '', text);
    await writeCaller(folder, ['*.ts']);
    const { options } = ts.convertCompilerOptionsFromJson(COMPILER_OPTIONS, folder);
    const generate = generateForUse();
    const onDisk = async (document: OpenApiDocument) => {
      await writeFiles(pathToFileURL(join(folder, 'api/')), await generate(document));
      return errorLines(folder, options, files);
    };
    const then = await onDisk(before);
    const now = await onDisk(after);
    const broken = [...now].filter((line) => !then.has(line));
    const { report } = await findImpact({ before, after, uses: ['tsconfig.json'], cwd: folder, generate });
    const named = report.broken.map(({ file, line }) => `${file}:${line}`);
    const right = named.filter((line) => broken.includes(line)).length;
    const recall = broken.length === 0 ? 1 : right / broken.length;
    const precision = named.length === 0 ? 1 : right / named.length;
    console.log(
      `${older.slice(-23)} to ${newer.slice(-23)}: ${broken.length} lines break, recall ${recall}, precision ${precision.toFixed(2)}, ${report.operations.length} operations`,
    );
    expect(recall).toBe(1);
    expect(precision).toBeGreaterThanOrEqual(0.9);
    expect(report.unfollowed).toEqual([]);
  });
});
