// The one file that imports openapi-typescript. Its maintainer ended all updates in September 2026: it is pinned exactly,
// and what is asked of it is stated here, so that taking it over or replacing it touches this file alone.
import {
  addJSDocComment,
  type GlobalContext,
  resolveRef,
  scanDiscriminators,
  transformOperationObject,
  transformSchemaObject,
} from 'openapi-typescript';
import ts from 'typescript';
import type { JsonObject, OpenApiDocument } from '../../../openapi/document.js';
import { toPointer } from '../../../openapi/json-pointer.js';
import type { WalkedOperation } from '../../../openapi/walk-operations.js';
import { isRecord } from '../../../util/is-record.js';
import { compactResponses, nameOf } from './compact-responses.js';
import { operationComment } from './operation-comment.js';

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
  const printer = ts.createPrinter({ removeComments: !docs, newLine: ts.NewLineKind.LineFeed });
  const file = ts.createSourceFile('types.ts', '', ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const print = (node: ts.Node): string =>
    printer
      .printNode(ts.EmitHint.Unspecified, node, file)
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
        ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(operationId)),
      );
      const kept = members.map(omitNever).filter((member) => member !== undefined);
      return print(
        ts.factory.createInterfaceDeclaration(
          [ts.factory.createModifier(ts.SyntaxKind.ExportKeyword)],
          identifier,
          undefined,
          undefined,
          [id, ...kept.map(compactResponses)],
        ),
      );
    },
    member(identifier, walked) {
      const member = property(walked.operationId, ts.factory.createTypeReferenceNode(identifier));
      return print(
        ts.addSyntheticLeadingComment(
          member,
          ts.SyntaxKind.MultiLineCommentTrivia,
          operationComment(walked),
          true,
        ),
      );
    },
    schema(identifier, name, schema) {
      const type =
        openEnum(schema) ??
        transformSchemaObject(asSchema(schema), { path: `#/components/schemas/${name}`, ctx });
      const exported = [ts.factory.createModifier(ts.SyntaxKind.ExportKeyword)];
      const alias = ts.factory.createTypeAliasDeclaration(exported, identifier, undefined, type);
      // Comments are made for properties alone.
      const commented = property(name, type);
      addJSDocComment(asSchema(schema), commented);
      return print(ts.setSyntheticLeadingComments(alias, ts.getSyntheticLeadingComments(commented)));
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
    transform: (schema) => openEnum(schema),
    postTransform: () => undefined,
    transformProperty: () => undefined,
    resolve: (pointer) => resolveRef(own, pointer, options),
  };
}

function omitNever(member: ts.TypeElement): ts.TypeElement | undefined {
  if (!ts.isPropertySignature(member)) return member;
  const { type, name, questionToken, modifiers } = member;
  if (type?.kind === ts.SyntaxKind.NeverKeyword && OMITTED_WHEN_NEVER.has(nameOf(member) ?? ''))
    return undefined;
  if (nameOf(member) !== 'parameters' || type === undefined || !ts.isTypeLiteralNode(type)) return member;
  const kept = type.members.map(omitNever).filter((inner) => inner !== undefined);
  return ts.factory.createPropertySignature(
    modifiers,
    name,
    questionToken,
    ts.factory.createTypeLiteralNode(kept),
  );
}

function property(name: string, type: ts.TypeNode): ts.PropertySignature {
  const isIdentifier = /^[A-Za-z_$][\w$]*$/.test(name);
  const key = isIdentifier ? ts.factory.createIdentifier(name) : ts.factory.createStringLiteral(name);
  return ts.factory.createPropertySignature(undefined, key, undefined, type);
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
    ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(String(value))),
  );
  const anyString = ts.factory.createIntersectionTypeNode([
    ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
    ts.factory.createTypeLiteralNode([]),
  ]);
  const type = isRecord(schema) ? schema.type : undefined;
  const orNull =
    Array.isArray(type) && type.includes('null')
      ? [ts.factory.createLiteralTypeNode(ts.factory.createNull())]
      : [];
  return ts.factory.createUnionTypeNode([
    ...literals,
    ts.factory.createParenthesizedType(anyString),
    ...orNull,
  ]);
}
