import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Where each name is declared with its documentation: methods in the interface of what holds them. */
const INTERFACES: Readonly<Record<string, string>> = {
  connectors: 'ConnectConnectors',
  projects: 'ConnectProjects',
  triggers: 'ConnectTriggers',
};
const FILES = ['management/types', 'default-client', '../client/upload/upload'].map((file) =>
  ts.createSourceFile(
    file,
    readFileSync(new URL(`../../src/connect/${file}.ts`, import.meta.url), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  ),
);

/** What a function of `vercel-rest/connect`, or `upload`, says of itself in its JSDoc. */
export function documentationOf(name: string): { description: string; examples: string[] } {
  const [first = '', second] = name.split('.');
  const found = FILES.flatMap((file) => file.statements.flatMap((one) => declared(one, first, second)));
  const [node] = found;
  if (node === undefined) throw new Error(`${name} is declared nowhere`);
  const blocks = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = (comment: Parameters<typeof ts.getTextOfJSDocComment>[0]) =>
    ts.getTextOfJSDocComment(comment) ?? '';
  const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'example');
  return {
    description: blocks.map(({ comment }) => text(comment)).join('\n'),
    examples: tags.map(({ comment }) => text(comment)),
  };
}

function declared(statement: ts.Statement, first: string, second: string | undefined): ts.Node[] {
  if (second !== undefined) {
    if (!ts.isInterfaceDeclaration(statement) || statement.name.text !== INTERFACES[first]) return [];
    return statement.members.filter((member) => member.name?.getText() === second);
  }
  if (ts.isFunctionDeclaration(statement) && statement.name?.text === first) return [statement];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.filter((one) => one.name.getText() === first);
}
