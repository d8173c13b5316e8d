// A program over a small document of our own, asked the way an editor asks: hovers, completions and errors.

import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { generateFiles } from '../../src/codegen/generate/generate.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const json = (schema: object, more: object = {}) => ({
  description: 'd',
  content: { 'application/json': { schema } },
  ...more,
});
const text = { type: 'string' };
const id = {
  name: 'idOrName',
  in: 'path',
  required: true,
  description: 'The unique project identifier or the project name. More about it.',
  schema: text,
};
const team = { name: 'teamId', in: 'query', description: 'The team to act for.', schema: text };
const framework = { type: 'string', enum: ['nextjs', 'vite', 'astro'], description: 'The framework.' };
const project = object(
  { id: text, name: text, framework, createdAt: { type: 'number' }, link: object({ repo: text }) },
  ['id', 'name'],
);

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  paths: {
    '/v9/projects/{idOrName}': {
      get: {
        operationId: 'getProject',
        tags: ['projects'],
        summary: 'Find a project by id or name',
        description: 'Get the information for a specific project.',
        parameters: [id, team],
        responses: { 200: json({ $ref: '#/components/schemas/Project' }) },
      },
      delete: {
        operationId: 'deleteProject',
        tags: ['projects'],
        summary: 'Delete a project',
        deprecated: true,
        parameters: [id],
        responses: { 204: { description: 'd' } },
      },
    },
    '/v10/projects': {
      get: {
        operationId: 'getProjects',
        tags: ['projects'],
        summary: 'List projects',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'number' } },
          { name: 'from', in: 'query', schema: text },
          { name: 'sort', in: 'query', schema: { type: 'string', enum: ['name', 'createdAt'] } },
        ],
        responses: {
          200: json(
            object(
              {
                projects: { type: 'array', items: { $ref: '#/components/schemas/Project' } },
                pagination: object({ next: { type: ['string', 'null'] } }),
              },
              ['projects', 'pagination'],
            ),
          ),
        },
      },
      post: {
        operationId: 'createProject',
        tags: ['projects'],
        summary: 'Create a project',
        requestBody: json(
          object({ name: { ...text, description: 'The name of the project.' }, framework }, ['name']),
          { required: true },
        ),
        responses: { 200: json({ $ref: '#/components/schemas/Project' }) },
      },
    },
    '/v2/files': {
      post: {
        operationId: 'uploadFile',
        tags: ['files'],
        summary: 'Upload a file',
        requestBody: { content: { 'application/octet-stream': { schema: { ...text, format: 'binary' } } } },
        responses: { 200: json(object({ urls: { type: 'array', items: text } })) },
      },
    },
    '/v3/events': {
      get: {
        operationId: 'getEvents',
        tags: ['files'],
        summary: 'Follow the events',
        responses: {
          200: { description: 'd', content: { 'text/event-stream': { schema: text } } },
        },
      },
    },
  },
  components: { schemas: { Project: project } },
};

const FOLDER = `${root}node_modules/.cache/editor`;
const files = new Map(
  Object.entries(generateFiles(JSON.stringify(DOCUMENT), { source: 'shop.json' })).map(([name, content]) => [
    `${FOLDER}/api/${name}`,
    content,
  ]),
);
const MAIN = `${FOLDER}/main.ts`;
const HEAD = `import { paginate, stream, upload } from 'vercel-rest';
import { createClient, operations as table, type BodyOf, type ResponseOf } from './api/index.js';
const client = createClient({ teamId: 'team_1' });
`;

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  noEmit: true,
  skipLibCheck: true,
  paths: { 'vercel-rest': [`${root}src/index.ts`] },
};

let version = 0;
const service = ts.createLanguageService({
  getCompilationSettings: () => OPTIONS,
  getScriptFileNames: () => [MAIN],
  getScriptVersion: (name) => (name === MAIN ? String(version) : '1'),
  getScriptSnapshot: (name) => {
    const content = files.get(name) ?? ts.sys.readFile(name);
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => files.has(name) || ts.sys.fileExists(name),
  readFile: (name) => files.get(name) ?? ts.sys.readFile(name),
  directoryExists: (name) => name.startsWith(FOLDER) || ts.sys.directoryExists(name),
});

/** Opens a program, whose text may hold a `^` where the cursor is. */
function open(code: string): number {
  const at = HEAD.length + code.indexOf('^');
  files.set(MAIN, `${HEAD}${code.replace('^', '')}\nexport {};\n`);
  version += 1;
  return at;
}

/** What an editor shows over the symbol that the `^` stands before: its type, then its documentation. */
export function hover(code: string): { readonly type: string; readonly docs: string } {
  const info = service.getQuickInfoAtPosition(MAIN, open(code));
  const tags = (info?.tags ?? []).map(({ name, text: parts }) =>
    `@${name} ${ts.displayPartsToString(parts)}`.trim(),
  );
  return {
    type: ts.displayPartsToString(info?.displayParts),
    docs: [ts.displayPartsToString(info?.documentation), ...tags].join('\n').trim(),
  };
}

/** What an editor offers at the `^`. */
export function completions(code: string): string[] {
  const found = service.getCompletionsAtPosition(MAIN, open(code), {});
  return (found?.entries ?? []).map(({ name }) => name).sort();
}

/** The errors of a program, each as its lines. */
export function errors(code: string): string[][] {
  open(`${code}^`);
  return [...service.getSyntacticDiagnostics(MAIN), ...service.getSemanticDiagnostics(MAIN)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n').split('\n'),
  );
}
