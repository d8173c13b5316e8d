import type { OpenApiDocument } from '../../../openapi/document.js';
import { TABLE_FORMAT } from '../../../openapi/operation-info.js';
import { buildOperationTable } from '../../../openapi/operation-table.js';
import { identifierOf } from '../identifier.js';
import { componentsText, type ModuleTools, pathsText } from './module-text.js';
import type { ModulePlan, PlannedModule } from './plan-modules.js';

/** The types by operation id: the client's own where there is one, so that the two never differ. */
const CLIENT_ALIASES = `/** The ids of all operations. */
export type OperationId = keyof operations;

/** What a success of an operation brings; \`undefined\` where that is no body. */
export type ResponseOf<Id extends OperationId> = SuccessBody<operations[Id]>;

/** The body that an operation takes; \`undefined\` where it takes none. */
export type BodyOf<Id extends OperationId> = RequestBody<operations[Id]>;

/** The query parameters that an operation takes; no properties where it takes none. */
export type QueryOf<Id extends OperationId> = operations[Id] extends { parameters: { query?: infer Query } }
	? Exclude<Query, undefined>
	: Record<string, never>;
`;

const ALIASES = `/** The ids of all operations. */
export type OperationId = keyof operations;

type Content<Holder> = Holder extends { content: infer Media } ? Media[keyof Media] : undefined;

type Success = 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226 | "2XX";

/** What a success of an operation brings; \`undefined\` where that is no body. */
export type ResponseOf<Id extends OperationId> = operations[Id] extends { responses: infer Responses }
	? Content<Responses[Extract<keyof Responses, Success>]>
	: undefined;

/** The body that an operation takes; \`undefined\` where it takes none. */
export type BodyOf<Id extends OperationId> = operations[Id] extends { requestBody?: infer Body }
	? Content<Exclude<Body, undefined>>
	: undefined;

/** The query parameters that an operation takes; no properties where it takes none. */
export type QueryOf<Id extends OperationId> = operations[Id] extends { parameters: { query?: infer Query } }
	? Exclude<Query, undefined>
	: Record<string, never>;
`;

const CLIENT_IMPORT = `import { type Client, type ClientOptions, createClient as createBoundClient, type RequestBody, type SuccessBody } from "vercel-rest";\n`;

const CLIENT = `/**
 * Makes a client of this document: typed by it, and with what it says of each operation at run time.
 *
 * @throws {InvalidArgumentError} For an option that cannot work, before anything is sent.
 */
export function createClient(options: Omit<ClientOptions, "operations"> = {}): Client<paths, operations> {
	return createBoundClient({ ...options, operations });
}
`;

// Declared and not inferred: the type of three hundred literal rows is what editors would show, and what compilers check.
const TABLE_TYPES = `/** What is known of an operation at run time. */
interface OperationRow {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
	readonly path: string;
	readonly team: readonly ("teamId" | "slug")[];
	readonly safeToRepeat: boolean;
	readonly page?: { readonly parameter: string; readonly items: string };
	readonly query?: { readonly [name: string]: "form" | "spaceDelimited" | "pipeDelimited" | "deepObject" | "json" };
	readonly body?: readonly string[];
	readonly rateLimitClass?: string;
	readonly success: { readonly [status: string]: readonly string[] };
}

/** The table of a document. \`types\` exists for type inference only. */
interface Table {
	readonly format: ${TABLE_FORMAT};
	readonly operations: { readonly [operationId: string]: OperationRow };
	readonly types?: { readonly paths: paths; readonly operations: operations };
}
`;

/** What the text of `index.ts` depends on besides the document. */
export interface IndexOptions {
  /** Whether it exports `createClient`. */
  readonly client: boolean;
}

/**
 * The text of `index.ts`: everything, by path and by operation, the run-time table, and the client that is bound to both.
 *
 * It imports no other generated file at run time. The specifier of such an import would need another extension in each of
 * webpack, Node.js, Deno and TypeScript; see docs/decisions/generated-code.md.
 */
export function indexModuleText(plan: ModulePlan, tools: ModuleTools, { client }: IndexOptions): string {
  const modules = plan.tags.map((module) => ({ ...module, name: namespaceOf(module) }));
  const imports = [...modules, { ...plan.shared, name: 'shared' }]
    .filter(({ operations, schemas }) => operations.length + schemas.length > 0)
    .map(({ file, name }) => `import type * as ${name} from './${file}${tools.suffix}';\n`);
  const bases = modules.map(({ name }) => `${name}.operations`).join(', ');
  return [
    `${client ? CLIENT_IMPORT : ''}${imports.join('')}`,
    ...(client ? [CLIENT] : []),
    `/** Every operation by its id. */\nexport interface operations${bases && ` extends ${bases}`} {}\n`,
    `/** Every operation by path and method. */\n${pathsText(plan.tags.flatMap(({ operations }) => operations))}`,
    `/** Every schema by its name. */\n${componentsText(allSchemas([...modules, { ...plan.shared, name: 'shared' }], tools))}`,
    client ? CLIENT_ALIASES : ALIASES,
    TABLE_TYPES,
    tableText(tools.document),
  ].join('\n');
}

function tableText(document: OpenApiDocument): string {
  const rows = Object.entries(buildOperationTable(document)).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const lines = rows.map(([id, row]) => `\t\t${JSON.stringify(id)}: ${JSON.stringify(row)},\n`);
  return `/** What the client has to know of each operation at run time. */
export const operations: Table = {
	format: ${TABLE_FORMAT},
	operations: {
${lines.join('')}	},
};
`;
}

function allSchemas(
  modules: readonly (PlannedModule & { readonly name: string })[],
  { identifiers }: ModuleTools,
): [name: string, type: string][] {
  return modules.flatMap(({ schemas, name: module }) =>
    schemas.map((schema): [string, string] => [schema, `${module}.${identifiers.get(schema) ?? schema}`]),
  );
}

// Behind an underscore no namespace meets a name of this module's own.
function namespaceOf({ file }: PlannedModule): string {
  return `_${identifierOf(file)}`;
}
