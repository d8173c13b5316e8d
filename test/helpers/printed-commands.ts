// The command lines that the messages of src/ name: what a user is told to run next.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const SOURCES = resolve(import.meta.dirname, '../../src');

/** One command line in a message: `…` is what is filled in where the message is written. */
export interface PrintedCommand {
  /** The command, wherever it stands, e.g. `vercel-rest connect get …`: a message may move to another file. */
  readonly key: string;
  /** Finds it in what was printed. */
  readonly pattern: RegExp;
}

/** Collects the commands of this program in all texts of src/, and what `commandOf` writes of them. */
export function printedCommands(): readonly PrintedCommand[] {
  const found = texts().flatMap((text) =>
    [...text.matchAll(/(?:npx )?vercel-rest [a-z…][^`\n)|]*/g)].map(([match]) => {
      const command = match.replace(/<\/.*/, '').trim();
      return { key: command, pattern: patternOf(command) };
    }),
  );
  return [...new Map(found.map((command) => [command.key, command])).values()];
}

/** Collects the packages that texts of src/ tell to install, with the version that is named. */
export function installedPackages(): readonly (readonly [name: string, version: string | undefined])[] {
  return texts().flatMap((text) =>
    [...text.matchAll(/npm install ((?:--save-dev )?)([\w@. -]*\w)/g)].flatMap(([, , names = '']) =>
      names.split(' ').map((one) => [one.split('@')[0] ?? '', one.split('@')[1]] as const),
    ),
  );
}

let read: readonly string[] | undefined;

/** Returns the texts of all sources, which are read and parsed once. */
function texts(): readonly string[] {
  read ??= readTexts();
  return read;
}

function readTexts(): string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
    .flatMap((name) => {
      const text = readFileSync(join(SOURCES, name), 'utf8');
      const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
      return textsIn(source, source);
    });
}

function textsIn(node: ts.Node, source: ts.SourceFile): string[] {
  const isCommand = ts.isCallExpression(node) && node.expression.getText(source) === 'commandOf';
  const text = isCommand ? `npx vercel-rest ${textOf(node.arguments[1])}` : textOf(node);
  const found = text === undefined ? [] : [text];
  ts.forEachChild(node, (child) => void found.push(...textsIn(child, source)));
  return found;
}

function textOf(node: ts.Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

function patternOf(command: string): RegExp {
  const parts = command.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  // Up to the end of the command: the backtick behind it, the parenthesis or pipe around it, or the end of the line.
  return new RegExp(`${parts.join('[^`\\n]*')}[^\`\\n)|]*`);
}
