// Checks the English of comments, messages, README and docs by the rules of this project: plain words, short sentences,
// active verbs. Prints each place and exits with 1 where there is one. Run by `npm run check:prose`; with `-- pages` it reads
// the pages alone.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const CODE = ['src', 'scripts'];
const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs'];
const NOT_WRITTEN_HERE = ['src/generated/', 'node_modules', 'docs/api/', 'docs/.vitepress/'];
/** The longest sentence, in words. */
const LONGEST = { 'README.md': 30, default: 35 };

/** Turns of phrase that a reader reads twice, each with what to write in its place. */
const PHRASES = [
  [/\bthat one can act on\b/, 'actionable'],
  [/\bbroke the document\b/, 'violated the OpenAPI document'],
  [
    /\b(?:is|are|was|that is) (?:no|none)(?: (?:operation|list|text|path|token|name|JSON|object|number|URL))?\b(?! longer| more)/,
    'is not a ...',
  ],
  [
    /\b(?:is|are|be|being) told (?:of|by|that)?\b|\btold of\b|\btells? of\b/,
    'receives, is called with, reports',
  ],
  [/\bbecomes? of\b/, 'happens to'],
  [/\bfor want of\b/, 'without'],
  [/\bgo(?:es)? again\b/, 'is sent again, is retried'],
  [/\bwhoever\b/i, 'a caller that, a process that'],
  [/\bwhichever way\b/i, 'for any'],
  [/\bby (?:him|it|them)sel(?:f|ves)\b/, 'on its own, or nothing'],
  [/\bas it is wanted\b/, 'as requested'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bis asked to\b/, 'name who does it'],
  [/\ba look there\b/i, 'a store read'],
  [/\bstands? for\b/, 'represents, means'],
  [/\bhas a say\b/, 'decides'],
  [/\bhis\b|\bhers?\b/, 'their, the user’s'],
];
/** A script for Redis is not prose, nor is a web page. */
const NOT_PROSE = /\b(?:redis\.call|local \w+ =)|<!doctype html>/;
/** JSDoc begins with a verb: `Returns`, not `What is returned`. */
const QUESTION = /^(?:What|How|Where|Who)\b/;
const PASSIVE = /\b(?:is|are|was|were|been|being|be) (?:\w+ly )?\w+(?:ed|en|wn|ept|ent|ld|ade|ought|ound)\b/g;
/** More passive verbs than this in one sentence make a chain. */
const MOST_PASSIVES = 2;

const code = process.argv.includes('pages') ? [] : CODE;
const problems = [
  ...code
    .flatMap(filesIn)
    .filter((file) => file.endsWith('.ts') || file.endsWith('.mjs'))
    .flatMap(checkCode),
  ...PAGES.flatMap(filesIn)
    .filter((file) => file.endsWith('.md'))
    .flatMap(checkPage),
];
for (const { file, line, text } of problems) console.log(`${file}:${line}: ${text}`);
console.log(problems.length === 0 ? 'The prose check is green.' : `${problems.length} places read badly.`);
process.exitCode = problems.length === 0 ? 0 : 1;

function filesIn(path) {
  const full = join(root, path);
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .map((name) => relative(root, join(full, name)).replaceAll('\\', '/'))
    .filter(
      (name) => statSync(join(root, name)).isFile() && !NOT_WRITTEN_HERE.some((part) => name.includes(part)),
    );
}

/** Checks the comments of a source, and its texts that have more than three words. */
function checkCode(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
  const pieces = [];
  const seen = new Set();
  const visit = (node) => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      pieces.push({
        line: lineAt(pos),
        prose: proseOfComment(text.slice(pos, end)),
        isDoc: text.startsWith('/**', pos),
      });
    }
    if (ts.isStringLiteralLike(node) && node.text.split(/\s+/).length > 3 && !NOT_PROSE.test(node.text))
      pieces.push({ line: lineAt(node.getStart()), prose: node.text, isDoc: false });
    if (ts.isTemplateExpression(node) && !NOT_PROSE.test(node.getText()))
      pieces.push({
        line: lineAt(node.getStart()),
        prose: [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('X'),
        isDoc: false,
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return pieces.flatMap((piece) => judge(file, piece));
}

function proseOfComment(comment) {
  const lines = comment
    .replace(/^\/\*\*?|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\*|\/\/) ?/, ''));
  const examples = lines.findIndex((line) => line.startsWith('@example'));
  return (examples === -1 ? lines : lines.slice(0, examples)).join('\n').trim();
}

/** Checks the paragraphs of a page, without its code, the rules of its tables and its links. */
function checkPage(file) {
  const lines = readFileSync(join(root, file), 'utf8')
    .replace(/^ *```[\s\S]*?^ *```$/gm, (block) => block.replace(/[^\n]/g, ''))
    .split('\n');
  const pieces = [];
  let open;
  for (const [index, line] of lines.entries()) {
    const isBreak = line.trim() === '' || /^\s*(?:[-*] |\d+\. |#|\|)/.test(line);
    if (isBreak) open = undefined;
    if (line.trim() === '') continue;
    if (line.startsWith('|')) {
      for (const cell of line.split('|')) pieces.push({ line: index + 1, prose: cell.trim(), isDoc: false });
      continue;
    }
    if (open === undefined) {
      open = { line: index + 1, prose: '', isDoc: false };
      pieces.push(open);
    }
    open.prose += `${line}\n`;
  }
  return pieces.flatMap((piece) => judge(file, piece));
}

function judge(file, { line, prose, isDoc }) {
  const plain = prose
    .replaceAll(/`[^`]*`/g, 'X')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\{@link [^}]*\}/g, 'X');
  const found = [];
  const add = (text) => found.push({ file, line, text });
  if (isDoc && QUESTION.test(plain)) add(`JSDoc begins with a question word: "${plain.slice(0, 40)}"`);
  for (const [pattern, instead] of PHRASES) {
    const match = pattern.exec(plain);
    if (match !== null) add(`"${match[0]}": write ${instead}`);
  }
  for (const sentence of plain.split(/(?<=[.!?:;])\s+|\n\s*(?:@\w+|[-*] )/)) {
    const words = sentence.split(/\s+/).filter((word) => /\w/.test(word)).length;
    const most = LONGEST[file] ?? LONGEST.default;
    if (words > most) add(`a sentence of ${words} words: "${sentence.trim().slice(0, 50)}..."`);
    const passives = sentence.match(PASSIVE)?.length ?? 0;
    if (passives > MOST_PASSIVES)
      add(`${passives} passive verbs in one sentence: "${sentence.trim().slice(0, 50)}..."`);
  }
  return found;
}
