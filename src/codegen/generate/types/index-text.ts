import { identifierOf } from '../identifier.js';
import { componentsText, type ModuleTools, pathsText } from './module-text.js';
import { type ModulePlan, OWN_MODULES, type PlannedModule } from './plan-modules.js';

// The forms are written for people who read the generated file: it is what their editor shows.
const ALIASES = `/** The ids of all operations. */
export type OperationId = keyof operations;

type Content<Holder> = Holder extends { content: infer Media } ? Media[keyof Media] : undefined;

/** What a success of an operation brings; \`undefined\` where that is no body. */
export type ResponseOf<Id extends OperationId> = operations[Id] extends { responses: infer Responses }
	? Content<Responses[Extract<keyof Responses, 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | "2XX">]>
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

/** The text of `index.ts`: everything, by path and by operation, and the run-time table. */
export function indexModuleText(plan: ModulePlan, tools: ModuleTools): string {
  const modules = plan.tags.map((module) => ({ ...module, name: namespaceOf(module) }));
  const imports = [...modules, { ...plan.shared, name: 'shared' }]
    .filter(({ operations, schemas }) => operations.length + schemas.length > 0)
    .map(({ file, name }) => `import type * as ${name} from './${file}.js';\n`);
  const bases = modules.map(({ name }) => `${name}.operations`).join(', ');
  return [
    `import { operations as table } from './${OWN_MODULES.table}.js';\n${imports.join('')}`,
    '/** What the transport has to know of each operation at run time: `createClient<paths>({ operations })`. */\n' +
      'export const operations: typeof table = table;\n',
    `/** Every operation by its id. */\nexport interface operations${bases && ` extends ${bases}`} {}\n`,
    `/** Every operation by path and method. */\n${pathsText(plan.tags.flatMap(({ operations }) => operations))}`,
    `/** Every schema by its name. */\n${componentsText(allSchemas([...modules, { ...plan.shared, name: 'shared' }], tools))}`,
    ALIASES,
  ].join('\n');
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
