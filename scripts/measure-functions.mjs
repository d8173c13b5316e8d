// Counts the functions that a file of src/ keeps to itself, and those of them that are used once: a reader jumps to such a
// function and back for nothing, unless its name is a concept. Run by `npm run measure:functions`; folders or files after
// `--` limit it, and `--list` names each function that is used once with its length in lines.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const totals = new Map();
for (const file of sources()) {
  const folder = file.split('/').slice(0, 2).join('/');
  const total = totals.get(folder) ?? { lines: 0, private: 0, once: 0 };
  totals.set(folder, total);
  const text = readFileSync(join(root, file), 'utf8');
  total.lines += text.split('\n').length - 1;
  for (const { name, line, length, uses } of privateFunctions(file, text)) {
    total.private++;
    if (uses !== 1) continue;
    total.once++;
    if (process.argv.includes('--list')) console.log(`${file}:${line} ${name} (${length} lines)`);
  }
}
const all = { lines: 0, private: 0, once: 0 };
for (const [folder, total] of [...totals].sort()) {
  for (const key of Object.keys(all)) all[key] += total[key];
  print(folder, total);
}
print('together', all);

function print(name, { lines, private: functions, once }) {
  const share = functions === 0 ? 0 : Math.round((once / functions) * 100);
  console.log(
    `${name.padEnd(16)} ${lines} lines, ${functions} private functions, ${once} used once (${share} %)`,
  );
}

function sources() {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => relative(root, join(root, 'src', name)))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('src/generated/'))
    .filter((file) => given.length === 0 || given.some((path) => file.startsWith(path)))
    .sort();
}

/** Returns the functions at the top of a file that it does not export, with the number of places that name each. */
function privateFunctions(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const uses = new Map();
  const count = (node) => {
    if (ts.isIdentifier(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, count);
  };
  count(source);
  const exported = (node) => node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return source.statements
    .filter((node) => ts.isFunctionDeclaration(node) && node.body !== undefined && !exported(node))
    .map((node) => ({
      name: node.name.text,
      line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      length: node.getText().split('\n').length,
      uses: uses.get(node.name.text) - 1,
    }));
}
