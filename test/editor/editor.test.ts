// What an editor shows of a program over a generated folder: hovers, completions, and the text of errors.
import { describe, expect, it } from 'vitest';
import { completions, errors, hover } from './project.js';

const init = "{ params: { path: { idOrName: 'a' } } }";
const GET_PROJECT = `Find a project by id or name

Get the information for a specific project.

\`GET /v9/projects/{idOrName}\`
@param path.idOrName - The unique project identifier or the project name.
@param query.teamId - (optional) The team to act for.`;

describe('the documentation at the call site', () => {
  it.each(['client.operations.^getProject;', `client.operations.^getProject(${init});`])(
    'is shown over %s',
    (code) => {
      expect(hover(code).docs).toBe(GET_PROJECT);
    },
  );

  it('says what is deprecated', () => {
    expect(hover('client.operations.^deleteProject;').docs).toMatch(
      /^Delete a project\n[\s\S]*\n@deprecated$/,
    );
  });

  it('is that of a field in a body', () => {
    expect(hover("client.operations.createProject({ body: { ^name: 'a' } });").docs).toBe(
      'The name of the project.',
    );
  });
});

describe('a hover', () => {
  it.each([
    ['^client;', 'const client: Client<paths, table>'],
    ['client.^GET;', '(property) Client<paths, operations>.GET: PathMethod<paths, "get">'],
    ['client.^HEAD;', '(property) Client<paths, operations>.HEAD: PathMethod<paths, "head">'],
    [
      'client.^call;',
      '(method) Client<paths, operations>.call<Id, As>(operationId: Id, ...init: InitArguments<table[Id], As>): Promise<Result<Data<table[Id], As>>>',
    ],
    ['client.^operations;', '(property) Client<paths, operations>.operations: OperationMethods<table>'],
    ['client.operations.^getProject;', '(property) getProject: OperationMethod<GetProjectOperation>'],
    [
      `client.operations.^getProject(${init});`,
      '(property) getProject: <"json">(init: CallInit<GetProjectOperation, "json">) => Promise<Result<Project>>',
    ],
    [
      `client.^GET('/v9/projects/{idOrName}', ${init});`,
      '(property) Client<paths, operations>.GET: <"/v9/projects/{idOrName}", "json">(path: "/v9/projects/{idOrName}", init: CallInit<GetProjectOperation, "json">) => Promise<Result<Project>>',
    ],
    [
      `client.^call('getProject', ${init});`,
      '(method) Client<paths, operations>.call<"getProject", "json">(operationId: "getProject", init: CallInit<GetProjectOperation, "json">): Promise<Result<Project>>',
    ],
    [`const { ^data } = await client.operations.getProject(${init});`, 'const data: Project'],
    [`const { ^response } = await client.operations.getProject(${init});`, 'const response: Response'],
    ["const ^result = await client.GET('/v10/projects');", 'const result: Result<GetProjectsResponse>'],
    [
      "const { data } = await client.GET('/v10/projects'); const ^list = data.projects;",
      'const list: Project[]',
    ],
    ["client.operations.createProject({ ^body: { name: 'a' } });", '(property) body: CreateProjectBody'],
    ["client.operations.createProject({ body: { ^name: 'a' } });", '(property) name: string'],
    [
      "client.operations.createProject({ body: { name: 'a', ^framework: 'vite' } });",
      '(property) framework?: "vite" | "astro" | "nextjs"',
    ],
    ["const ^pages = paginate(client, 'getProjects');", 'const pages: Listing<Project>'],
    ["for await (const ^project of paginate(client, 'getProjects')) project;", 'const project: Project'],
    ["const ^events = stream(client, 'getEvents');", 'const events: AsyncIterable<ServerSentEvent>'],
    [
      "const ^uploaded = await upload(client, 'uploadFile', { file: 'a' });",
      'const uploaded: Result<UploadFileResponse>',
    ],
    [
      '^createClient({});',
      '(alias) createClient(options?: Omit<ClientOptions, "operations">): Client<paths, table>\nimport createClient',
    ],
    ['^table;', '(alias) const table: Table\nimport table'],
  ])('over %s', (code, type) => {
    const shown = hover(code).type;
    expect(shown).toBe(type);
    expect(shown.split('\n').length).toBeLessThanOrEqual(5);
  });
});

describe('a completion', () => {
  it.each([
    [
      'client.operations.^',
      ['createProject', 'deleteProject', 'getEvents', 'getProject', 'getProjects', 'uploadFile'],
    ],
    [
      "client.call('^')",
      ['createProject', 'deleteProject', 'getEvents', 'getProject', 'getProjects', 'uploadFile'],
    ],
    ["client.GET('^')", ['/v10/projects', '/v3/events', '/v9/projects/{idOrName}']],
    ["client.POST('/v10/projects', { body: { ^ } })", ['framework', 'name']],
    ["client.POST('/v10/projects', { body: { name: 'a', framework: '^' } })", ['astro', 'nextjs', 'vite']],
    ['client.operations.getProjects({ params: { query: { ^ } } })', ['from', 'limit', 'sort']],
  ])('at %s', (code, names) => {
    expect(completions(code)).toEqual(names);
  });
});

describe('an error', () => {
  it.each([
    [
      'a path that is not in the document',
      `client.GET('/v9/project/{idOrName}', ${init});`,
      `Argument of type '"/v9/project/{idOrName}"' is not assignable to parameter of type 'PathsWith<paths, "get">'.`,
    ],
    [
      'a method that the path does not have',
      `client.POST('/v9/projects/{idOrName}', ${init});`,
      `Argument of type '"/v9/projects/{idOrName}"' is not assignable to parameter of type 'PathsWith<paths, "post">'.`,
    ],
    [
      'an operation id',
      "client.call('getProjcts');",
      `Argument of type '"getProjcts"' is not assignable to parameter of type 'OperationId<operations>'.`,
    ],
    [
      'an operation',
      `client.operations.getProjct(${init});`,
      "Property 'getProjct' does not exist on type 'OperationMethods<operations>'. Did you mean 'getProject'?",
    ],
    [
      'a field of a body',
      "client.operations.createProject({ body: { name: 'a', framwork: 'vite' } });",
      "Object literal may only specify known properties, but 'framwork' does not exist in type 'CreateProjectBody'. Did you mean to write 'framework'?",
    ],
    [
      'a member of an enum',
      "client.POST('/v10/projects', { body: { name: 'a', framework: 'next' } });",
      `Type '"next"' is not assignable to type '"astro" | "nextjs" | "vite"'.`,
    ],
    [
      'a missing field of a body',
      'client.operations.createProject({ body: {} });',
      "Property 'name' is missing in type '{}' but required in type 'CreateProjectBody'.",
    ],
    [
      'a path parameter',
      "client.operations.getProject({ params: { path: { id: 'a' } } });",
      "Object literal may only specify known properties, and 'id' does not exist in type '{ idOrName: string; }'.",
    ],
    [
      'a query parameter',
      "client.GET('/v10/projects', { params: { query: { limt: 1 } } });",
      "Object literal may only specify known properties, but 'limt' does not exist in type '{ from?: string; limit?: number; sort?: \"createdAt\" | \"name\"; }'. Did you mean to write 'limit'?",
    ],
    [
      'the type of a query parameter',
      "client.operations.getProjects({ params: { query: { limit: '1' } } });",
      "Type 'string' is not assignable to type 'number'.",
    ],
    [
      'a field of data',
      `const { data } = await client.operations.getProject(${init}); data.nam;`,
      "Property 'nam' does not exist on type 'Project'. Did you mean 'name'?",
    ],
    [
      'an option of a call',
      'client.operations.getProjects({ timout: 1 });',
      `Object literal may only specify known properties, but 'timout' does not exist in type 'CallInit<GetProjectsOperation, "json">'. Did you mean to write 'timeout'?`,
    ],
    [
      'JSON for bytes',
      'client.operations.uploadFile({ body: { a: 1 } });',
      "Object literal may only specify known properties, and 'a' does not exist in type 'BinaryBody'.",
    ],
    [
      'an option of the client',
      "createClient({ bearer: 'a' });",
      `Object literal may only specify known properties, and 'bearer' does not exist in type 'Omit<ClientOptions, "operations">'.`,
    ],
  ])('names %s in its first line, and has no other', (_, code, text) => {
    expect(errors(code)).toEqual([[text]]);
  });
});
