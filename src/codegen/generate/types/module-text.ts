import type { OpenApiDocument } from '../../../openapi/document.js';
import type { WalkedOperation } from '../../../openapi/walk-operations.js';
import { OWN_MODULES, type PlannedModule } from './plan-modules.js';
import type { TypeBuilder } from './type-builder.js';
import { operationNamesOf } from './type-names.js';

/** The document, and the names that the text of every module uses. */
export interface ModuleTools {
  readonly document: OpenApiDocument;
  readonly builder: TypeBuilder;
  /** Component schemas to the identifiers that they are declared as. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** Operation ids to the identifiers of the interfaces that they are declared as. */
  readonly operationNames: ReadonlyMap<string, string>;
  /** The end of the specifier of a relative import: `.js`, `.ts` or nothing. */
  readonly suffix: string;
}

const REFERENCE = /components\["schemas"\]\["((?:[^"\\]|\\.)*)"\]/g;
const COMMENT = /\/\*\*[\s\S]*?\*\//g;

/** Short names for the most common types; exported by the shared module. */
const HELPERS = {
  Json: `/** A response whose body is JSON. */
export type Json<Body> = { headers: { [name: string]: unknown }; content: { "application/json": Body } };
`,
  NoContent: `/** A response without a body. */
export type NoContent = { headers: { [name: string]: unknown }; content?: never };
`,
  // What is not an object, such as null, has no properties to require.
  WithRequired: `/** A type some of whose properties are required. */
export type WithRequired<T, K extends PropertyKey> = T extends object ? T & { [P in K & keyof T]-?: T[P] } : T;
`,
} as const;

/** The text of a tag's module: its operations by id and by path, and the schemas that no other tag uses. */
export function tagModuleText(module: PlannedModule, tools: ModuleTools): string {
  const identifierOf = (name: string) => tools.identifiers.get(name) ?? name;
  const parts = [
    schemasText(module, tools),
    operationsText(module.operations, tools),
    pathsText(module.operations),
  ];
  const { text, schemas } = withImports(parts, new Set(module.schemas.map(identifierOf)), tools);
  const named = [...new Set([...module.schemas, ...schemas])].map(
    (name) => [name, identifierOf(name)] as const,
  );
  return joinParts([text, componentsText(named)]);
}

/** The text of the module of webhooks: `export interface webhooks { ... }`, by name and method. */
export function webhooksModuleText(webhooks: readonly WalkedOperation[], tools: ModuleTools): string {
  const names = operationNamesOf(
    webhooks.map(({ operationId }) => operationId),
    new Set(tools.identifiers.values()),
  );
  const nameOf = ({ operationId }: WalkedOperation) => names.get(operationId) ?? operationId;
  const interfaces = webhooks.map((webhook) => `${tools.builder.operation(nameOf(webhook), webhook)}\n`);
  return withImports([...interfaces, pathsText(webhooks, 'webhooks', nameOf)], new Set(), tools).text;
}

/** Joins the parts of a module that imports what it uses of the shared one. */
function withImports(parts: readonly string[], own: ReadonlySet<string>, tools: ModuleTools): Resolved {
  const resolved = resolveReferences(joinParts(parts), tools.identifiers);
  const imported = [...resolved.used].filter((identifier) => !own.has(identifier)).sort();
  const imports =
    imported.length === 0
      ? ''
      : `import type { ${imported.join(', ')} } from './${OWN_MODULES.shared}${tools.suffix}';\n`;
  return { ...resolved, text: joinParts([imports, resolved.text]) };
}

/** `export interface components { schemas: { ... } }`, which leads from names in the document to types. */
export function componentsText(schemas: readonly (readonly [name: string, type: string])[]): string {
  const members = [...schemas]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, type]) => `\t\t${JSON.stringify(name)}: ${type};\n`);
  const body = members.length === 0 ? 'Record<string, never>' : `{\n${members.join('')}\t}`;
  return `export interface components {\n\tschemas: ${body};\n}\n`;
}

/** The text of the module that the others share. */
export function sharedModuleText(module: PlannedModule, tools: ModuleTools): string {
  const { text } = resolveReferences(schemasText(module, tools), tools.identifiers);
  return joinParts([...Object.values(HELPERS), text]);
}

/** `export interface paths { ... }`, which leads from paths and methods to operations. */
export function pathsText(
  operations: readonly WalkedOperation[],
  name: 'paths' | 'webhooks' = 'paths',
  typeOf = ({ operationId }: WalkedOperation) => `operations[${JSON.stringify(operationId)}]`,
): string {
  const byPath = new Map<string, string[]>();
  for (const operation of operations) {
    const line = `\t\t${operation.method.toLowerCase()}: ${typeOf(operation)};\n`;
    byPath.set(operation.path, [...(byPath.get(operation.path) ?? []), line]);
  }
  const entries = [...byPath]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, lines]) => `\t${JSON.stringify(path)}: {\n${lines.sort().join('')}\t};\n`);
  return `export interface ${name} {\n${entries.join('')}}\n`;
}

function joinParts(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

function schemasText({ schemas }: PlannedModule, { document, builder, identifiers }: ModuleTools): string {
  const declarations = schemas.map((name) => {
    const schema = document.components?.schemas?.[name];
    return schema === undefined ? '' : builder.schema(identifiers.get(name) ?? name, name, schema);
  });
  return declarations.map((declaration) => `${declaration}\n`).join('\n');
}

/** An interface for each operation, so that editors and errors name it and do not spell it out, and one of them all. */
function operationsText(
  operations: readonly WalkedOperation[],
  { builder, operationNames }: ModuleTools,
): string {
  const named = operations.map((operation) => ({
    operation,
    name: operationNames.get(operation.operationId) ?? operation.operationId,
  }));
  const interfaces = named.map(({ operation, name }) => `${builder.operation(name, operation)}\n`);
  const members = named.map(
    ({ operation, name }) => `${builder.member(name, operation).replaceAll(/^/gm, '\t')}\n`,
  );
  return `${interfaces.join('\n')}\nexport interface operations {\n${members.join('')}}\n`;
}

interface Resolved {
  readonly text: string;
  /** The identifiers that code uses; comments use none. */
  readonly used: ReadonlySet<string>;
  /** The schemas that code refers to, by their names. */
  readonly schemas: ReadonlySet<string>;
}

/** Puts identifiers in the place of references. */
function resolveReferences(text: string, identifiers: ReadonlyMap<string, string>): Resolved {
  const schemaOf = (literal: string) => String(JSON.parse(`"${literal}"`));
  const nameOf = (literal: string) => identifiers.get(schemaOf(literal)) ?? schemaOf(literal);
  const code = text.replaceAll(COMMENT, '');
  const schemas = new Set([...code.matchAll(REFERENCE)].map(([, literal = '']) => schemaOf(literal)));
  const used = new Set([...schemas].map((name) => identifiers.get(name) ?? name));
  for (const helper of Object.keys(HELPERS))
    if (new RegExp(`(?<![\\w"'$])${helper}(?![\\w"'$])`).test(code)) used.add(helper);
  return { text: text.replaceAll(REFERENCE, (_, literal: string) => nameOf(literal)), used, schemas };
}
