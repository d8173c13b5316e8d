// The one file that imports openapi-typescript. Its maintainer ended all updates in September 2026: it is pinned exactly,
// and what is asked of it is stated here, so that taking it over or replacing it touches this file alone.
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import type { OpenApiDocument } from './document.js';
import { openResponseEnums } from './open-enums.js';
import { aliasRecursiveSchemas, recursiveSchemas } from './recursive-types.js';

/** Makes the TypeScript of `paths`, `components` and `operations`; enums in responses are open, see {@link openResponseEnums}. */
export async function buildSchemaTypes(document: OpenApiDocument): Promise<string> {
  // openapi-typescript resolves references in place; the caller's document stays as it is.
  const input = structuredClone(openResponseEnums(document)) as unknown as Parameters<typeof openapiTS>[0];
  const nodes = await openapiTS(input, {
    // A default is the server's business: a caller may leave the field out.
    defaultNonNullable: false,
    emptyObjectsUnknown: true,
    silent: true,
    transform: (schema) => openEnum(schema),
  });
  return astToString(aliasRecursiveSchemas(nodes, recursiveSchemas(document.components?.schemas ?? {})));
}

/**
 * `x-extensible-enum` becomes `'known' | 'values' | (string & {})`: completed by editors, closed to nobody.
 *
 * Source of the keyword: Zalando RESTful API guidelines, rule 112.
 */
function openEnum(schema: object): ts.TypeNode | undefined {
  const known: unknown = Reflect.get(schema, 'x-extensible-enum');
  if (!Array.isArray(known)) return undefined;
  const literals = known.map((value) =>
    ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(String(value))),
  );
  const anyString = ts.factory.createIntersectionTypeNode([
    ts.factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
    ts.factory.createTypeLiteralNode([]),
  ]);
  const type: unknown = Reflect.get(schema, 'type');
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
