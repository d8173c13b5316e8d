import { DEFAULT_BASE_URL } from '../../../http/base-url.js';
import type { OpenApiDocument } from '../../../openapi/document.js';
import { TABLE_FORMAT } from '../../../openapi/operation-info.js';
import { buildOperationTable } from '../../../openapi/operation-table.js';
import { securitySchemesOf } from '../../../openapi/security-schemes.js';
import { absoluteUrls, serverUrls } from '../../../openapi/servers.js';
import { identifierOf } from '../identifier.js';
import { componentsText, type ModuleTools, pathsText } from './module-text.js';
import { type ModulePlan, WEBHOOKS } from './plan-modules.js';

// They agree with the types of the client and do not import it: the types of a folder must not turn into `any` where the
// package is not installed. The global classes are looked up, because a program may have neither `dom` nor the types of Node.js.
const ALIASES = `/** The ids of all operations. */
export type OperationId = keyof operations;

type Instance<Name extends string> = typeof globalThis extends { [K in Name]: { prototype: infer I } } ? I : unknown;

type Content<Holder> = Holder extends { content: infer Media } ? { [T in keyof Media]: Received<T, Media[T]> }[keyof Media] : undefined;

type Received<T, Body> = T extends \`\${string}json\${string}\`
	? Body
	: T extends \`text/\${string}\` | \`\${string}xml\` | "application/x-www-form-urlencoded"
		? string
		: Instance<"Blob">;

type Sent<T, Body> = T extends \`\${string}json\${string}\`
	? Body
	: T extends "multipart/form-data"
		? Instance<"FormData">
		: T extends "application/x-www-form-urlencoded"
			? Body | Instance<"URLSearchParams">
			: T extends \`text/\${string}\` | \`\${string}xml\`
				? string
				: Instance<"Blob"> | ArrayBuffer | ArrayBufferView;

type Success = 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226 | "2XX";

type Successes<Responses> = keyof Responses & Success extends never ? "default" : Success;

/** The body of a success of an operation; \`undefined\` where it has none. */
export type ResponseOf<Id extends OperationId> = operations[Id] extends { responses: infer Responses }
	? keyof Responses & Successes<Responses> extends infer Status extends keyof Responses
		? [Status] extends [never] ? unknown : Content<Responses[Status]>
		: never
	: unknown;

/** The body that an operation takes; \`undefined\` where it takes none. */
export type BodyOf<Id extends OperationId> = operations[Id] extends { requestBody?: { content: infer Media } }
	? "requestBody" extends keyof operations[Id] ? { [T in keyof Media]: Sent<T, Media[T]> }[keyof Media] : undefined
	: undefined;

/** The query parameters that an operation takes; no properties where it takes none. */
export type QueryOf<Id extends OperationId> = operations[Id] extends { parameters: { query?: infer Query } }
	? Exclude<Query, undefined>
	: Record<string, never>;
`;

const CLIENT_IMPORT = `import { type Client, type ClientOptions, createClient as createBoundClient } from "vercel-rest";\n`;

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
const TABLE_TYPES = `/** How parameters are written, by name. */
interface Styles {
	readonly [name: string]: "form" | "formExplode" | "simple" | "simpleExplode" | "spaceDelimited" | "pipeDelimited" | "deepObject" | "json";
}

/** A way to authenticate. */
type SecurityScheme =
	| { readonly kind: "apiKey"; readonly in: "header" | "query" | "cookie"; readonly name: string }
	| { readonly kind: "basic" | "bearer" }
	| { readonly kind: "unknown"; readonly type: string };

/** What is known of an operation at run time. */
interface OperationRow {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
	readonly path: string;
	readonly server?: string;
	readonly team: readonly ("teamId" | "slug")[];
	readonly safeToRepeat: boolean;
	readonly page?: { readonly parameter: string; readonly items: string };
	readonly query?: Styles;
	readonly reserved?: readonly string[];
	readonly styles?: { readonly path?: Styles; readonly header?: Styles; readonly cookie?: Styles };
	readonly security?: readonly (readonly string[])[];
	readonly body?: readonly string[];
	readonly form?: Styles;
	readonly rateLimitClass?: string;
	readonly success: { readonly [status: string]: readonly string[] };
}

/** The table of a document. \`types\` exists for type inference only. */
interface Table {
	readonly format: ${TABLE_FORMAT};
	readonly operations: { readonly [operationId: string]: OperationRow };
	readonly servers?: readonly string[];
	readonly securitySchemes?: { readonly [name: string]: SecurityScheme };
	readonly types?: { readonly paths: paths; readonly operations: operations };
}
`;

/** Options of the text of `index.ts`. */
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
  // Behind an underscore no namespace meets a name of this module's own.
  const tags = plan.tags.map((module) => ({ ...module, name: `_${identifierOf(module.file)}` }));
  const modules = [...tags, { ...plan.shared, name: 'shared' }];
  const others = modules
    .filter(({ operations, schemas }) => operations.length + schemas.length > 0)
    .map(({ file, name }) => ({ name, specifier: `'./${file}${tools.suffix}'` }));
  const imports = others.map(({ name, specifier }) => `import type * as ${name} from ${specifier};\n`);
  const exports = others.map(({ specifier }) => `export type * from ${specifier};\n`);
  const bases = tags.map(({ name }) => `${name}.operations`).join(', ');
  const schemas = modules.flatMap((module) =>
    module.schemas.map(
      (schema) => [schema, `${module.name}.${tools.identifiers.get(schema) ?? schema}`] as const,
    ),
  );
  return [
    `${client ? CLIENT_IMPORT : ''}${imports.join('')}`,
    ...(client ? [CLIENT] : []),
    // To print a type, an editor looks for its name in the modules that a file imports, and then in every module there is.
    ...(exports.length === 0 ? [] : [`// Every other type by its name.\n${exports.join('')}`]),
    `/** Every operation by its id. */\nexport interface operations${bases && ` extends ${bases}`} {}\n`,
    `/** Every operation by path and method. */\n${pathsText(plan.tags.flatMap(({ operations }) => operations))}`,
    ...(plan.webhooks.length === 0
      ? []
      : [
          `/** The calls that the API makes, by name and method. */\nexport type { webhooks } from './${WEBHOOKS}${tools.suffix}';\n`,
        ]),
    `/** Every schema by its name. */\n${componentsText(schemas)}`,
    ALIASES,
    TABLE_TYPES,
    tableText(tools.document),
  ].join('\n');
}

function tableText(document: OpenApiDocument): string {
  const rows = Object.entries(buildOperationTable(document)).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  // TypeScript takes the type of a member like `constructor` from `Object`, and not from the table.
  const lines = rows.map(
    ([id, row]) =>
      `\t\t${JSON.stringify(id)}: ${JSON.stringify(row)}${id in Object.prototype ? ' as OperationRow' : ''},\n`,
  );
  const servers = absoluteUrls(serverUrls(document.servers));
  const isVercel = servers.length === 1 && servers[0] === DEFAULT_BASE_URL;
  const hasSecurity = rows.some(([, { security }]) => security !== undefined);
  return `/** What the client has to know of each operation at run time. */
export const operations: Table = {
	format: ${TABLE_FORMAT},
	operations: {
${lines.join('')}	},
${isVercel ? '' : `\tservers: ${JSON.stringify(servers)},\n`}${hasSecurity ? `\tsecuritySchemes: ${JSON.stringify(securitySchemesOf(document))},\n` : ''}};
`;
}
