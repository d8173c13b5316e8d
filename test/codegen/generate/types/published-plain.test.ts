// Compares the generated types with those of openapi-typescript alone: an operation, a schema, a property or a value that
// openapi-typescript writes must be in ours too. Documents are public ones beside the repository.
import { basename } from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';
import { describe, expect, it, test } from 'vitest';
import { generateFrom } from '../../../../src/codegen/generate/generate.js';
import { prepareDocument } from '../../../../src/codegen/generate/prepare.js';
import type { OpenApiDocument } from '../../../../src/openapi/document.js';
import { fromPointer, valueAt } from '../../../../src/openapi/json-pointer.js';
import type { Repair } from '../../../../src/openapi/normalize/normalize.js';
import { readDocument } from '../../../../src/openapi/read-document.js';
import { isRecord } from '../../../../src/util/is-record.js';
import { foreignBeside, foreignPath } from '../../../helpers/foreign-document.js';
import { pathOfPublished, someNames } from '../../../openapi/normalize/documents.js';

/** Quick ones, and with `PUBLISHED=all`, as CI has it, each one beside the repository and the newest of Vercel. */
const documents = [
  ...(process.env.PUBLISHED === 'all' ? someNames.slice(-1).map(pathOfPublished) : []),
  ...foreignBeside.map(foreignPath),
].map((path) => [basename(path), path] as const);

test.skipIf(documents.length > 0)('skipped without published documents', ({ skip }) => skip());

/** The types of declarations by name; members of `operations`, `paths` and `components` by the name of their holder too. */
type Declarations = ReadonlyMap<string, ts.Node>;

function readDeclarations(texts: readonly string[]): Declarations {
  const found = new Map<string, ts.Node>();
  for (const text of texts) {
    const { statements } = ts.createSourceFile('types.ts', text, ts.ScriptTarget.ESNext, true);
    for (const statement of statements) {
      if (ts.isTypeAliasDeclaration(statement)) found.set(statement.name.text, statement.type);
      if (!ts.isInterfaceDeclaration(statement)) continue;
      const holder = statement.name.text;
      if (!['operations', 'paths', 'components'].includes(holder)) found.set(holder, statement);
      for (const [name, type] of membersOf(statement)) {
        if (holder === 'operations') found.set(`operations ${name}`, type);
        else if (['paths', 'components'].includes(holder) && ts.isTypeLiteralNode(type))
          for (const [inner, innerType] of membersOf(type)) found.set(`${name} ${inner}`, innerType);
      }
    }
  }
  return found;
}

/** The properties of an object type that may be there, and their types. */
function membersOf({ members }: ts.InterfaceDeclaration | ts.TypeLiteralNode): [string, ts.TypeNode][] {
  return members.flatMap((member): [string, ts.TypeNode][] =>
    ts.isPropertySignature(member) && member.type && member.type.kind !== ts.SyntaxKind.NeverKeyword
      ? [[nameOf(member.name), member.type]]
      : [],
  );
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)
    ? name.text
    : name.getText();
}

/** The names of properties and the values that a declaration leads to, over however many others. */
function factsOf(declarations: Declarations, start: string): Set<string> {
  const facts = new Set<string>();
  const seen = new Set([declarations.get(start)]);
  const collect = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node)) facts.add(`value ${node.literal.getText()}`);
    if (ts.isTypeReferenceNode(node)) {
      const { typeName } = node;
      seen.add(declarations.get(ts.isQualifiedName(typeName) ? typeName.right.text : typeName.text));
    }
    if (ts.isIndexedAccessTypeNode(node)) {
      seen.add(resolve(declarations, node));
      return;
    }
    if (ts.isPropertySignature(node)) {
      if (node.type?.kind === ts.SyntaxKind.NeverKeyword || isOnlyComputed(node)) return;
      facts.add(`property ${nameOf(node.name)}`);
    }
    node.forEachChild(collect);
  };
  for (const node of seen) if (node !== undefined) collect(node);
  return facts;
}

/** Whether a header, or all headers of an operation, are those that the client computes: a caller is not asked for them. */
function isOnlyComputed({ name, type }: ts.PropertySignature): boolean {
  if (/^(?:authorization|accept|content-type)$/i.test(nameOf(name))) return true;
  const headers = nameOf(name) === 'header' && type && ts.isTypeLiteralNode(type) ? membersOf(type) : [];
  return (
    headers.length > 0 && headers.every(([header]) => /^(?:authorization|accept|content-type)$/i.test(header))
  );
}

/** Resolves `operations["getTeam"]`, `components["schemas"]["Team"]`, and `components["schemas"]["Team"]["name"]`. */
function resolve(declarations: Declarations, node: ts.IndexedAccessTypeNode): ts.Node | undefined {
  const [first = '', ...steps] = [...node.getText().matchAll(/\["((?:[^"\\]|\\.)*)"\]/g)].map(([, name]) =>
    String(JSON.parse(`"${name}"`)),
  );
  if (node.getText().startsWith('operations')) return declarations.get(`operations ${first}`);
  const [second = '', ...properties] = steps;
  return properties.reduce<ts.Node | undefined>(
    (held, name) => held && propertyOf(declarations, held, name),
    declarations.get(`${first} ${second}`),
  );
}

function propertyOf(declarations: Declarations, node: ts.Node, name: string): ts.Node | undefined {
  if (ts.isTypeLiteralNode(node)) return new Map(membersOf(node)).get(name);
  if (ts.isIndexedAccessTypeNode(node)) {
    const target = resolve(declarations, node);
    return target && propertyOf(declarations, target, name);
  }
  let found: ts.Node | undefined;
  node.forEachChild((child) => {
    found ??= propertyOf(declarations, child, name);
  });
  return found;
}

/**
 * Returns a copy without the discriminators that our repair drops: openapi-typescript gives each branch of those a value that
 * no server sends.
 */
function withoutDropped(document: OpenApiDocument, repairs: readonly Repair[]): OpenAPI3 {
  const copy: unknown = structuredClone(document);
  for (const { kind, pointer } of repairs) {
    if (kind !== 'impossible-discriminator') continue;
    const schema = valueAt(copy, fromPointer(pointer).slice(0, -1));
    if (isRecord(schema)) delete schema.discriminator;
  }
  // openapi-typescript checks what it is given.
  return copy as OpenAPI3;
}

/** What openapi-typescript writes and we do not, each with its reason. */
const DIFFERENCES: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/: property __@BRAND@\d+$/, 'the name that a compiler gave to a symbol; no server sends it'],
  [/^\/v8\/artifacts\/\{hash\} get: property application\/json$/, 'bytes that the document declares as JSON'],
  [/^schemas 0$/, 'not a schema of the document: made for a reference to the first branch of one'],
];

describe.runIf(documents.length > 0)('what openapi-typescript knows of a document', () => {
  it.each(documents)('is in the types of %s', { timeout: 600_000 }, async (name, file) => {
    const source = readDocument(file);
    const prepared = prepareDocument(source);
    const plain = readDeclarations([
      astToString(await openapiTS(withoutDropped(source.openapi, prepared.repairs), { silent: true })),
    ]);
    const files = generateFrom(prepared, {
      source: name,
      client: false,
      docs: false,
    });
    const own = readDeclarations(Object.values(files));
    const missing: string[] = [];
    let compared = 0;
    for (const key of plain.keys()) {
      if (!/^(?:schemas |\/)/.test(key) || key.endsWith(' parameters')) continue;
      if (!own.has(key)) {
        missing.push(key);
        continue;
      }
      const known = factsOf(own, key);
      for (const fact of factsOf(plain, key)) {
        compared++;
        if (!known.has(fact)) missing.push(`${key}: ${fact}`);
      }
    }
    expect(compared).toBeGreaterThan(100);
    expect(missing.filter((place) => !DIFFERENCES.some(([pattern]) => pattern.test(place)))).toEqual([]);
  });
});
