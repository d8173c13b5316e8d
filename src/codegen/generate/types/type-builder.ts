import type { GlobalContext } from 'openapi-typescript';
import type ts from 'typescript';
import type { JsonObject, OpenApiDocument } from '../../../openapi/document.js';
import { toPointer } from '../../../openapi/json-pointer.js';
import type { WalkedOperation } from '../../../openapi/walk-operations.js';
import { isRecord, recordOf } from '../../../util/is-record.js';
import { compactResponses, nameOf } from './compact-responses.js';
import { compiler, openapiTypescript } from './installed-toolkit.js';
import { operationComment } from './operation-comment.js';

const { addJSDocComment, resolveRef, scanDiscriminators, transformOperationObject, transformSchemaObject } =
  openapiTypescript;

/** Writes the TypeScript of parts of one document. */
export interface TypeBuilder {
  /** `export interface GetTeamOperation { operationId: 'getTeam'; ... }`. */
  operation(identifier: string, walked: WalkedOperation): string;
  /** `getTeam: GetTeamOperation;`, with the documentation that editors show where the operation is called. */
  member(identifier: string, walked: WalkedOperation): string;
  /** `export type Team = ...;` for a component schema, with its comment. */
  schema(identifier: string, name: string, schema: JsonObject): string;
}

// What says that there is nothing is left out: an absent parameter is refused all the same.
const OMITTED_WHEN_NEVER: ReadonlySet<string> = new Set(['query', 'header', 'path', 'cookie', 'requestBody']);

/**
 * Makes the builder of a document, which is expected normalised, with `x-extensible-enum` for enums that are open. Changes the
 * document in place: a schema that a discriminator leads to gets the property with its values.
 *
 * A schema that is referred to is written `components["schemas"]["Name"]`.
 *
 * @param docs - Whether descriptions become comments.
 */
export function createTypeBuilder(document: OpenApiDocument, docs: boolean): TypeBuilder {
  const ctx = createContext(document);
  const printer = compiler.createPrinter({ removeComments: !docs, newLine: compiler.NewLineKind.LineFeed });
  const file = compiler.createSourceFile(
    'types.ts',
    '',
    compiler.ScriptTarget.ESNext,
    false,
    compiler.ScriptKind.TS,
  );
  const print = (node: ts.Node): string =>
    printer
      .printNode(compiler.EmitHint.Unspecified, node, file)
      // The printer knows no other indentation than four spaces, a fifth of the text of deeply nested types.
      .replaceAll(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4))
      // Editors show the text of a tag below everything else, and beside its name.
      .replaceAll(/^(\t*(?:\/\*\*| \*) )@description /gm, '$1');
  return {
    operation(identifier, { operationId, method, path, operation, parameters }) {
      // Its own types ask for a document that was parsed by it; the shape is the same.
      const input = { ...operation, parameters: [...parameters] } as unknown as Parameters<
        typeof transformOperationObject
      >[0];
      const pointer = `#${toPointer(['paths', path, method.toLowerCase()])}`;
      const members = transformOperationObject(input, { path: pointer, ctx });
      const id = property(
        'operationId',
        compiler.factory.createLiteralTypeNode(compiler.factory.createStringLiteral(operationId)),
      );
      const kept = members.map(omitNever).filter((member) => member !== undefined);
      return print(
        compiler.factory.createInterfaceDeclaration(
          [compiler.factory.createModifier(compiler.SyntaxKind.ExportKeyword)],
          identifier,
          undefined,
          undefined,
          [id, ...kept.map(compactResponses)],
        ),
      );
    },
    member(identifier, walked) {
      const member = property(walked.operationId, compiler.factory.createTypeReferenceNode(identifier));
      return print(
        compiler.addSyntheticLeadingComment(
          member,
          compiler.SyntaxKind.MultiLineCommentTrivia,
          operationComment(walked),
          true,
        ),
      );
    },
    schema(identifier, name, schema) {
      const type =
        openEnum(schema) ??
        transformSchemaObject(asSchema(schema), { path: `#/components/schemas/${name}`, ctx });
      const exported = [compiler.factory.createModifier(compiler.SyntaxKind.ExportKeyword)];
      const alias = compiler.factory.createTypeAliasDeclaration(exported, identifier, undefined, type);
      // Comments are made for properties alone.
      const commented = property(name, type);
      addJSDocComment(asSchema(schema), commented);
      return print(
        compiler.setSyntheticLeadingComments(alias, compiler.getSyntheticLeadingComments(commented)),
      );
    },
  };
}

/** Its own type asks for a schema that it has parsed; the shape is the same. */
function asSchema(schema: JsonObject): Parameters<typeof transformSchemaObject>[0] {
  return schema as Parameters<typeof transformSchemaObject>[0];
}

function createContext(document: OpenApiDocument): GlobalContext {
  // Its own type asks for a document that it has parsed; the shape is the same.
  const own = document as unknown as Parameters<typeof scanDiscriminators>[0];
  const options = { silent: true };
  return {
    additionalProperties: false,
    // The order of a document's keys means nothing: a new order must not change the types.
    alphabetize: true,
    arrayLength: false,
    conditionalEnums: false,
    dedupeEnums: false,
    // A default is the server's business: a caller may leave the field out.
    defaultNonNullable: false,
    discriminators: scanDiscriminators(own, options),
    emptyObjectsUnknown: true,
    enum: false,
    enumValues: false,
    excludeDeprecated: false,
    exportType: false,
    generatePathParams: false,
    immutable: false,
    injectFooter: [],
    makePathsEnum: false,
    pathParamsAsTypes: false,
    propertiesRequiredByDefault: false,
    readWriteMarkers: false,
    // Only reading a document from elsewhere needs it.
    redoc: {} as GlobalContext['redoc'],
    rootTypes: false,
    rootTypesKeepCasing: false,
    rootTypesNoSchemaPrefix: false,
    silent: true,
    transform: (schema, options) => openEnum(schema) ?? list(schema, options),
    postTransform: () => undefined,
    transformProperty: () => undefined,
    resolve: (pointer) => resolveRef(own, pointer, options),
  };
}

function omitNever(member: ts.TypeElement): ts.TypeElement | undefined {
  if (!compiler.isPropertySignature(member)) return member;
  const { type, name, questionToken, modifiers } = member;
  if (type?.kind === compiler.SyntaxKind.NeverKeyword && OMITTED_WHEN_NEVER.has(nameOf(member) ?? ''))
    return undefined;
  if (nameOf(member) !== 'parameters' || type === undefined || !compiler.isTypeLiteralNode(type))
    return member;
  const kept = type.members.map(omitNever).filter((inner) => inner !== undefined);
  return compiler.factory.createPropertySignature(
    modifiers,
    name,
    questionToken,
    compiler.factory.createTypeLiteralNode(kept),
  );
}

function property(name: string, type: ts.TypeNode): ts.PropertySignature {
  const isIdentifier = /^[A-Za-z_$][\w$]*$/.test(name);
  const key = isIdentifier
    ? compiler.factory.createIdentifier(name)
    : compiler.factory.createStringLiteral(name);
  return compiler.factory.createPropertySignature(undefined, key, undefined, type);
}

/**
 * Writes the type of a list. `prefixItems` become a tuple, in which items from `minItems` on may be missing, and further ones follow unless
 * the schema has no room for them: the compiler of types takes each tuple for one of exactly that length, and a list for its items where
 * these are lists in an `allOf`.
 */
function list(
  schema: unknown,
  options: Parameters<typeof transformSchemaObject>[1],
): ts.TypeNode | undefined {
  const { type, prefixItems, items, minItems, maxItems } = recordOf(schema);
  if (type !== 'array') return undefined;
  const further = isRecord(items)
    ? transformSchemaObject(asSchema(items), options)
    : compiler.factory.createKeywordTypeNode(compiler.SyntaxKind.UnknownKeyword);
  const any = compiler.factory.createArrayTypeNode(further);
  if (!Array.isArray(prefixItems)) return any;
  const most = typeof maxItems === 'number' ? maxItems : Number.POSITIVE_INFINITY;
  const first = prefixItems.slice(0, most).map((item, index) => {
    const element = transformSchemaObject(asSchema(item), options);
    return index < Number(minItems ?? 0) ? element : compiler.factory.createOptionalTypeNode(element);
  });
  if (items === false || most <= prefixItems.length) return compiler.factory.createTupleTypeNode(first);
  return compiler.factory.createTupleTypeNode([...first, compiler.factory.createRestTypeNode(any)]);
}

/**
 * `x-extensible-enum` becomes `'known' | 'values' | (string & {})`: completed by editors, closed to nobody.
 *
 * Source of the keyword: Zalando RESTful API guidelines, rule 112.
 */
function openEnum(schema: unknown): ts.TypeNode | undefined {
  const known = isRecord(schema) ? schema['x-extensible-enum'] : undefined;
  if (!Array.isArray(known)) return undefined;
  const literals = known.map((value) =>
    compiler.factory.createLiteralTypeNode(compiler.factory.createStringLiteral(String(value))),
  );
  const anyString = compiler.factory.createIntersectionTypeNode([
    compiler.factory.createKeywordTypeNode(compiler.SyntaxKind.StringKeyword),
    compiler.factory.createTypeLiteralNode([]),
  ]);
  const type = isRecord(schema) ? schema.type : undefined;
  const orNull =
    Array.isArray(type) && type.includes('null')
      ? [compiler.factory.createLiteralTypeNode(compiler.factory.createNull())]
      : [];
  return compiler.factory.createUnionTypeNode([
    ...literals,
    compiler.factory.createParenthesizedType(anyString),
    ...orNull,
  ]);
}
