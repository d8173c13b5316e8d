// Every enum of every operation of a published document, followed side by side in the schema and in the generated types:
// closed where a caller sends it, open where the API answers with it.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { generateFrom } from '../../../../src/codegen/generate/generate.js';
import { prepareDocument } from '../../../../src/codegen/generate/prepare.js';
import type { JsonObject, OpenApiDocument } from '../../../../src/openapi/document.js';
import { dereference } from '../../../../src/openapi/references.js';
import { walkOperations } from '../../../../src/openapi/walk-operations.js';
import { isRecord, listOf } from '../../../../src/util/is-record.js';
import { readPublished, skipWithoutDocuments, someNames } from '../../../openapi/normalize/documents.js';

type Direction = 'request' | 'response';

interface Found {
  readonly place: string;
  readonly direction: Direction;
  readonly isOpen: boolean;
  /** Whether a branch beside the enum takes any string. */
  readonly isString: boolean;
  readonly missing: readonly string[];
}

/** Compiles generated files in memory. */
function programOf(files: Readonly<Record<string, string>>): ts.Program {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options, true);
  const textOf = (file: string) => (file.startsWith('/api/') ? files[file.slice('/api/'.length)] : undefined);
  const { fileExists, readFile, getSourceFile } = host;
  host.directoryExists = () => true;
  host.fileExists = (file) => textOf(file) !== undefined || fileExists(file);
  host.readFile = (file) => textOf(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = textOf(file);
    return text === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, text, version, true);
  };
  return ts.createProgram(['/api/index.ts'], options, host);
}

class EnumWalk {
  readonly found: Found[] = [];
  readonly #checker: ts.TypeChecker;
  readonly #document: OpenApiDocument;
  readonly #seen = new Map<object, Set<ts.Type>>();

  constructor(program: ts.Program, document: OpenApiDocument) {
    this.#checker = program.getTypeChecker();
    this.#document = document;
  }

  /** The type of a property, in each of the branches that have it. */
  property(types: readonly ts.Type[], name: string): ts.Type[] {
    return this.#members(types).flatMap((type) => {
      const symbol = this.#checker.getPropertyOfType(this.#checker.getApparentType(type), name);
      return symbol === undefined ? [] : [this.#checker.getTypeOfSymbol(symbol)];
    });
  }

  walk(node: unknown, types: readonly ts.Type[], direction: Direction, place: string): void {
    if (!isRecord(node) || types.length === 0) return;
    const schema = dereference(this.#document, node);
    const seen = this.#seen.get(schema) ?? new Set();
    this.#seen.set(schema, seen);
    const fresh = types.filter((type) => !seen.has(type));
    if (fresh.length === 0) return;
    for (const type of fresh) seen.add(type);
    this.#note(schema, types, direction, place);
    for (const [name, property] of Object.entries(isRecord(schema.properties) ? schema.properties : {}))
      this.walk(property, this.property(types, name), direction, `${place}.${name}`);
    this.walk(schema.items, this.#items(types), direction, `${place}[]`);
    this.walk(schema.additionalProperties, this.#values(types), direction, `${place}.*`);
    for (const branch of [...listOf(schema.oneOf), ...listOf(schema.anyOf), ...listOf(schema.allOf)])
      this.walk(branch, types, direction, place);
  }

  #note(schema: JsonObject, types: readonly ts.Type[], direction: Direction, place: string): void {
    const values = listOf(schema.enum).filter((value) => value !== null);
    if (values.length < 2 || values.some((value) => typeof value !== 'string')) return;
    const members = this.#members(types);
    const isText = (type: ts.Type) => (type.flags & ts.TypeFlags.String) !== 0;
    const literals = new Set(members.flatMap((type) => (type.isStringLiteral() ? [type.value] : [])));
    const isString = members.some(isText);
    this.found.push({
      place,
      direction,
      isOpen: members.some((type) => type.isIntersection() && type.types.some(isText)),
      isString,
      missing: isString ? [] : values.map(String).filter((value) => !literals.has(value)),
    });
  }

  #members(types: readonly ts.Type[]): ts.Type[] {
    return types.flatMap((type) => (type.isUnion() ? this.#members(type.types) : [type]));
  }

  #items(types: readonly ts.Type[]): ts.Type[] {
    return this.#members(types).flatMap((type) =>
      this.#checker.isArrayType(type) ? [...this.#checker.getTypeArguments(type as ts.TypeReference)] : [],
    );
  }

  #values(types: readonly ts.Type[]): ts.Type[] {
    return this.#members(types).flatMap(
      (type) => this.#checker.getIndexTypeOfType(type, ts.IndexKind.String) ?? [],
    );
  }
}

function enumsOf(name: string): Found[] {
  const { document } = prepareDocument({ hash: '', openapi: readPublished(name) });
  const files = generateFrom({ document, hash: '' }, { source: name, docs: false, client: false });
  const program = programOf(files);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile('/api/index.ts');
  const module = source && checker.getSymbolAtLocation(source);
  const operations =
    module && checker.getExportsOfModule(module).find((symbol) => symbol.name === 'operations');
  if (operations === undefined) throw new Error('index.ts exports no operations');
  const walk = new EnumWalk(program, document);
  for (const { operationId, operation, parameters } of walkOperations(document)) {
    const types = walk.property([checker.getDeclaredTypeOfSymbol(operations)], operationId);
    const given = walk.property(types, 'parameters');
    for (const { name: parameter, in: where, schema } of parameters)
      walk.walk(
        schema,
        walk.property(walk.property(given, String(where)), String(parameter)),
        'request',
        `${operationId} ${where} ${parameter}`,
      );
    walkContent(
      walk,
      operation.requestBody,
      walk.property(types, 'requestBody'),
      'request',
      `${operationId} body`,
    );
    const responses = walk.property(types, 'responses');
    for (const [status, response] of Object.entries(isRecord(operation.responses) ? operation.responses : {}))
      walkContent(walk, response, walk.property(responses, status), 'response', `${operationId} ${status}`);
  }
  return walk.found;

  function walkContent(
    to: EnumWalk,
    holder: unknown,
    types: ts.Type[],
    direction: Direction,
    place: string,
  ): void {
    if (!isRecord(holder)) return;
    const { content } = dereference(document, holder);
    for (const [media, { schema }] of Object.entries(
      isRecord(content) ? (content as Record<string, JsonObject>) : {},
    ))
      to.walk(schema, to.property(to.property(types, 'content'), media), direction, place);
  }
}

skipWithoutDocuments();

describe.each(someNames)('the enums of %s', (name) => {
  it('are closed in requests, open in responses, and hold every value', () => {
    const found = enumsOf(name);
    const requests = found.filter(({ direction }) => direction === 'request');
    const responses = found.filter(({ direction }) => direction === 'response');
    console.log(`${name}: ${requests.length} enums of requests, ${responses.length} of responses`);
    expect(requests.length).toBeGreaterThan(80);
    expect(responses.length).toBeGreaterThan(300);
    expect(requests.filter(({ isOpen }) => isOpen).map(({ place }) => place)).toEqual([]);
    expect(
      responses.filter(({ isOpen, isString }) => !isOpen && !isString).map(({ place }) => place),
    ).toEqual([]);
    const lacking = found.filter(({ missing }) => missing.length > 0).map(({ place }) => place);
    // Branches beside this enum allow each of its values but `delete`.
    expect(lacking.filter((place) => place !== 'patchEdgeConfigItems body.items[].operation')).toEqual([]);
  });
});
