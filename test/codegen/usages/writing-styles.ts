/**
 * Ways to write a call, after what public programs do. In a source, `$path` is a path of its own with a GET and a POST, `$item` one
 * with a parameter and a GET, and `$get`, `$post` and `$item` are their operation ids where they stand as `#get`, `#post`, `#item`.
 */
export interface WritingStyle {
  readonly source: string;
  /** The ids that have to be found: `get`, `post`, `item`. */
  readonly finds?: readonly string[];
  /** A text of the line that has to be listed as not followed. */
  readonly lists?: string;
  /** The extension of the file. Default `ts`. */
  readonly extension?: string;
}

const ours = `import { createClient, paginate, stream, upload, type Client, type PathMethod } from './vercel.js';
import { operations, type paths } from './api/index.js';
type Api = ReturnType<typeof createClient<paths>>;
const client = createClient<paths>({ operations });
`;
const fetchClient = `import createFetchClient, { createPathBasedClient, wrapAsPathBasedClient, type Client, type PathBasedClient } from 'openapi-fetch';
import type { paths } from './api/index.js';
const client = createFetchClient<paths>({ baseUrl: 'https://api.vercel.com' });
`;
const init = `{ params: { path: { id: 'a' } } }`;

export const STYLES: Readonly<Record<string, WritingStyle>> = {
  // A client of this package.
  'a plain call': { source: `${ours}await client.GET('$path');`, finds: ['get'] },
  'a call with another method': { source: `${ours}await client.POST('$path');`, finds: ['post'] },
  'a double-quoted template': { source: `${ours}await client.GET(\`$path\`);`, finds: ['get'] },
  'a path parameter': { source: `${ours}await client.GET('$item', ${init});`, finds: ['item'] },
  'element access': { source: `${ours}await client['GET']('$path');`, finds: ['get'] },
  'optional chaining': {
    source: `${ours}const maybe: Api | undefined = Math.random() > 2 ? undefined : client;\nawait maybe?.GET('$path');`,
    finds: ['get'],
  },
  'a non-null assertion': {
    source: `${ours}let late: Api | undefined;\nexport const read = () => late!.GET('$path');\nlate = client;`,
    finds: ['get'],
  },
  destructuring: { source: `${ours}const { GET } = client;\nawait GET('$path');`, finds: ['get'] },
  'destructuring under another name': {
    source: `${ours}const { GET: read, POST: send } = client;\nawait read('$path'); await send('$path');`,
    finds: ['get', 'post'],
  },
  'a destructured parameter': {
    source: `${ours}const list = ({ GET }: Api) => GET('$path');\nawait list(client);`,
    finds: ['get'],
  },
  'a destructured parameter under another name': {
    source: `${ours}async function list({ GET: read }: Api) { return read('$path'); }\nawait list(client);`,
    finds: ['get'],
  },
  'nested destructuring': {
    source: `${ours}const context = { api: { client } };\nconst { api: { client: { GET } } } = context;\nawait GET('$path');`,
    finds: ['get'],
  },
  'assignment destructuring': {
    source: `${ours}let GET: Api['GET'];\n({ GET } = client);\nawait GET('$path');`,
    finds: ['get'],
  },
  'assignment destructuring under another name': {
    source: `${ours}let read: Api['GET'];\n({ GET: read } = client);\nawait read('$path');`,
    finds: ['get'],
  },
  'array destructuring': {
    source: `${ours}const [read] = [client.GET] as const;\nawait read('$path');`,
    finds: ['get'],
  },
  'destructuring with a rest': {
    source: `${ours}const { POST, ...others } = client;\nawait others.GET('$path'); await POST('$path');`,
    finds: ['get', 'post'],
  },
  'a variable for the method': {
    source: `${ours}const read = client.GET;\nawait read('$path');`,
    finds: ['get'],
  },
  'a path in a constant': { source: `${ours}const path = '$path';\nawait client.GET(path);`, finds: ['get'] },
  'a path in an object of constants': {
    source: `${ours}const PATHS = { list: '$path' } as const;\nawait client.GET(PATHS.list);`,
    finds: ['get'],
  },
  'a path in an enum': {
    source: `${ours}enum Path { List = '$path' }\nawait client.GET(Path.List as '$path');`,
    finds: ['get'],
  },
  'a constant that is asserted': {
    source: `${ours}const path = '$path' as keyof paths;\nawait client.GET(path as never);`,
    finds: ['get'],
  },
  'one of two paths': {
    source: `${ours}declare const isOld: boolean;\nawait client.GET(isOld ? '$path' : '$item', ${init} as never);`,
    finds: ['get', 'item'],
  },
  'paths in a loop': {
    source: `${ours}for (const path of ['$path'] as const) await client.GET(path);`,
    finds: ['get'],
  },
  'a Pick of the client': {
    source: `${ours}const list = (api: Pick<Api, 'GET'>) => api.GET('$path');\nawait list(client);`,
    finds: ['get'],
  },
  'an Omit of the client': {
    source: `${ours}const list = (api: Omit<Api, 'POST'>) => api.GET('$path');\nawait list(client);`,
    finds: ['get'],
  },
  'an interface with a method of the client': {
    source: `${ours}interface Port { read: Api['GET'] }\nconst port: Port = { read: client.GET };\nawait port.read('$path');`,
    finds: ['get'],
  },
  "an interface of the program's own": {
    source: `${ours}interface Port { GET(path: '$path'): Promise<{ data: unknown }> }\nexport const list = (port: Port) => port.GET('$path');\nawait list(client as Port);`,
    finds: ['get'],
  },
  'an interface that a client is assigned to': {
    source: `${ours}interface Http { GET: (path: '$path') => Promise<unknown> }\nconst http: Http = client;\nawait http.GET('$path');`,
    finds: ['get'],
  },
  'a parameter of a generic type': {
    source: `${ours}const list = <C extends Api>(api: C) => api.GET('$path');\nawait list(client);`,
    finds: ['get'],
  },
  'a factory': {
    source: `${ours}const make = () => createClient<paths>({ operations });\nawait make().GET('$path');`,
    finds: ['get'],
  },
  'a factory of functions': {
    source: `${ours}const createApi = (api: Api) => ({ list: () => api.GET('$path') });\nawait createApi(client).list();`,
    finds: ['get'],
  },
  'a spread': {
    source: `${ours}const api = { ...client, name: 'a' };\nawait api.GET('$path');`,
    finds: ['get'],
  },
  'Object.assign': {
    source: `${ours}const api = Object.assign({ name: 'a' }, client);\nawait api.GET('$path');`,
    finds: ['get'],
  },
  'a private field of a class': {
    source: `${ours}export class Projects { readonly #client = client;\n list() { return this.#client.GET('$path'); } }`,
    finds: ['get'],
  },
  'a parameter property': {
    source: `${ours}export class Projects { constructor(private readonly client: Api) {}\n list() { return this.client.GET('$path'); } }\nnew Projects(client);`,
    finds: ['get'],
  },
  'a subclass': {
    source: `${ours}abstract class Base { protected client = client; }\nexport class Projects extends Base { list() { return this.client.GET('$path'); } }`,
    finds: ['get'],
  },
  'a getter': {
    source: `${ours}export class Context { get api() { return client; }\n list() { return this.api.GET('$path'); } }`,
    finds: ['get'],
  },
  'a promise of a client': {
    source: `${ours}const loading = Promise.resolve(client);\nawait (await loading).GET('$path');\nawait loading.then((api) => api.POST('$path'));`,
    finds: ['get', 'post'],
  },
  'a map of clients': {
    source: `${ours}const clients = new Map([['a', client]]);\nawait clients.get('a')?.GET('$path');`,
    finds: ['get'],
  },
  'bind, call and apply': {
    source: `${ours}await client.GET.bind(client)('$path');\nawait client.POST.call(client, '$path');`,
    finds: ['get', 'post'],
  },
  'apply with a list': {
    source: `${ours}await client.GET.apply(client, ['$path']);`,
    finds: ['get'],
  },
  'a wrapper with a generic path': {
    source: `${ours}async function read<P extends '$path' | '$item'>(path: P) { return client.GET(path as '$path'); }\nawait read('$path');`,
    finds: ['get', 'item'],
  },
  'a wrapper with any path': {
    source: `${ours}const read = (path: keyof paths) => client.GET(path as never);\nawait read('$path');`,
    finds: ['get'],
  },
  'a wrapper of a wrapper': {
    source: `${ours}const read = (path: keyof paths) => client.GET(path as never);\nfunction readTwice(path: keyof paths) { return [read(path), read(path)]; }\nreadTwice('$path');`,
    finds: ['get'],
  },
  'a wrapper that takes an object': {
    source: `${ours}const read = ({ path }: { path: keyof paths }) => client.GET(path as never);\nawait read({ path: '$path' });`,
    finds: ['get'],
  },
  'a wrapper with options': {
    source: `${ours}function read(options: { path: keyof paths }) { return client.GET(options.path as never); }\nawait read({ path: '$path' });`,
    finds: ['get'],
  },
  'a wrapper that is a method': {
    source: `${ours}class Http { get(path: keyof paths) { return client.GET(path as never); } }\nawait new Http().get('$path');`,
    finds: ['get'],
  },
  'a wrapper behind an interface': {
    source: `${ours}interface Http { get(path: keyof paths): Promise<unknown> }\nclass Real implements Http { get(path: keyof paths) { return client.GET(path as never); } }\nexport const list = (http: Http) => http.get('$path');\nlist(new Real());`,
    finds: ['get'],
  },
  'a resource class with its path': {
    source: `${ours}class Resource { constructor(private readonly path: keyof paths) {}\n list() { return client.GET(this.path as never); } }\nawait new Resource('$path').list();`,
    finds: ['get'],
  },
  'a method that is computed from two': {
    source: `${ours}declare const method: 'GET' | 'POST';\nawait (client[method] as Api['GET'] | Api['POST'])('$path' as never);`,
    finds: ['get', 'post'],
  },
  'one of two methods': {
    source: `${ours}declare const isNew: boolean;\nconst send = isNew ? client.POST : client.GET;\nawait (send as Api['GET'] | Api['POST'])('$path' as never);`,
    finds: ['get', 'post'],
  },
  'a higher-order function that keeps the type': {
    source: `${ours}const logged = <F extends (...all: never[]) => unknown>(run: F): F => run;\nawait logged(client.GET)('$path');`,
    finds: ['get'],
  },
  'a higher-order function that does not': {
    source: `${ours}declare function retried(run: Function): (path: string) => Promise<unknown>;\nawait retried(client.GET)('$path');`,
    finds: ['get', 'post'],
    lists: 'retried(client.GET)',
  },
  'a callback of an array': {
    source: `${ours}const found = ['$path' as const].map(client.GET as (path: '$path') => unknown);\nexport { found };`,
    finds: ['get', 'post'],
    lists: 'map(client.GET',
  },
  'a path that is computed': {
    source: `${ours}declare const version: number;\nawait client.GET(\`/v\${version}/nothing\` as never);`,
    lists: 'client.GET(`',
  },
  'a path parameter that nobody gives': {
    source: `${ours}export const read = (path: keyof paths) => client.GET(path as never);`,
    lists: 'client.GET(path',
  },
  'arguments that are spread': {
    source: `${ours}declare const all: [never];\nawait client.GET(...all);`,
    lists: 'client.GET(...all)',
  },
  'a client without a type': {
    source: `${ours}const api: any = client;\nawait api.GET('$path');`,
    finds: ['get'],
    lists: 'const api: any',
  },
  'a client without a type, and a computed path': {
    source: `${ours}const api: any = client;\ndeclare const path: string;\nawait api.GET(path);`,
    lists: 'api.GET(path)',
  },
  'a client in a container': {
    source: `${ours}const container = new Map<string, unknown>();\ncontainer.set('client', client);`,
    lists: "set('client', client)",
  },
  'a function of an operation': { source: `${ours}await client.operations.#get();`, finds: ['get'] },
  'functions of operations, destructured': {
    source: `${ours}const { #get: read, #post } = client.operations;\nawait read(); await #post();`,
    finds: ['get', 'post'],
  },
  'functions of operations, handed on': {
    source: `${ours}const list = (api: Api['operations']) => api['#get']();\nawait list(client.operations);`,
    finds: ['get'],
  },
  'a function of an operation in a port': {
    source: `${ours}interface Port { read: Api['operations']['#get'] }\nconst port: Port = { read: client.operations.#get };\nawait port.read();`,
    finds: ['get'],
  },
  'paginate by operation id': {
    source: `${ours}for await (const one of paginate(client, '#get')) console.log(one);`,
    finds: ['get'],
  },
  'stream and upload by operation id': {
    source: `${ours}for await (const one of stream(client, '#get')) console.log(one);\nawait upload(client, '#post', { file: './a' });`,
    finds: ['get', 'post'],
  },
  'an operation id': { source: `${ours}await client.call('#get');`, finds: ['get'] },
  'an operation id in a variable': {
    source: `${ours}const id = '#get' as const;\nconst { call } = client;\nawait call(id);`,
    finds: ['get'],
  },
  paginate: {
    source: `${ours}for await (const page of paginate(client, '$path' as never).pages()) console.log(page);`,
    finds: ['get'],
  },
  'paginate under another name': {
    source:
      `import { paginate as all, createClient } from 'vercel-rest';\nimport * as rest from 'vercel-rest';\n${ours}const untyped = createClient as never as () => Api;\nfor await (const one of all(client, '$path')) console.log(one);\nfor await (const one of rest.paginate(client, '$item', ${init})) console.log(one);`.replace(
        'createClient, paginate, stream',
        'paginate, stream',
      ),
    finds: ['get', 'item'],
  },
  stream: {
    source: `${ours}for await (const event of stream(client, '$path')) console.log(event);`,
    finds: ['get'],
  },
  upload: { source: `${ours}await upload(client, '$path', { file: './a' });`, finds: ['post'] },
  'a response type': {
    source: `import type { ResponseOf } from './api/index.js';\nexport const use = (value: ResponseOf<'#get'>) => value;`,
    finds: ['get'],
  },
  'an operation type': {
    source: `import type { operations } from './api/index.js';\nexport type Get = operations['#get']['responses'];`,
    finds: ['get'],
  },
  'a path type': {
    source: `import type { paths } from './api/index.js';\nexport type Get = paths['$path']['get'];`,
    finds: ['get'],
  },
  // openapi-fetch.
  'openapi-fetch': { source: `${fetchClient}await client.GET('$path');`, finds: ['get'] },
  'openapi-fetch, destructured': {
    source: `${fetchClient}const { GET, POST } = client;\nawait GET('$path'); await POST('$path');`,
    finds: ['get', 'post'],
  },
  'openapi-fetch, request': {
    source: `${fetchClient}await client.request('get', '$path'); await client.request('post', '$path');`,
    finds: ['get', 'post'],
  },
  'openapi-fetch by path': {
    source: `${fetchClient}const byPath = createPathBasedClient<paths>({});\nawait byPath['$path'].GET(); await byPath['$item'].GET(${init});`,
    finds: ['get', 'item'],
  },
  'openapi-fetch by path, kept': {
    source: `${fetchClient}const things = wrapAsPathBasedClient(client)['$path'];\nconst { POST } = things;\nawait things.GET(); await POST();`,
    finds: ['get', 'post'],
  },
  'openapi-fetch in a class': {
    source: `${fetchClient}export class Sdk { protected client: Client<paths> = client;\n list() { return this.client.GET('$path'); } }`,
    finds: ['get'],
  },
  'openapi-fetch in a typed wrapper': {
    source: `${fetchClient}import type { ClientPathsWithMethod } from 'openapi-fetch';\nexport async function read<P extends ClientPathsWithMethod<typeof client, 'get'>>(path: P) { return client.GET(path, {} as never); }\nawait read('$path');`,
    finds: ['get'],
  },
  'openapi-fetch in a type': {
    source: `${fetchClient}import type { MethodResponse } from 'openapi-fetch';\nexport type Thing = MethodResponse<typeof client, 'get', '$path'>;`,
    finds: ['get', 'post'],
  },
  // @vercel/sdk.
  '@vercel/sdk': {
    source: `import { Vercel } from '@vercel/sdk';\nconst vercel = new Vercel({ bearerToken: 'a' });\nawait vercel.projects.getProjects({});`,
    finds: ['getProjects'],
  },
  '@vercel/sdk, a function': {
    source: `import { VercelCore } from '@vercel/sdk/core.js';\nimport { projectsGetProject } from '@vercel/sdk/funcs/projectsGetProject.js';\nawait projectsGetProject(new VercelCore({ bearerToken: 'a' }), { idOrName: 'a' });`,
    finds: ['getProject'],
  },
  // Without types.
  fetch: { source: `await fetch('https://api.vercel.com$path');\nexport {};`, finds: ['get'] },
  'fetch with a base URL': {
    source: `const base = process.env.API;\nawait fetch(\`\${base}$path?limit=1\`, { method: 'POST' });\nexport {};`,
    finds: ['post'],
  },
  'fetch with a parameter': {
    source: `declare const id: string;\nawait fetch('https://api.vercel.com$path/' + id);\nexport {};`,
    finds: ['item'],
  },
  'a URL': {
    source: `await fetch(new URL('$path', 'https://api.vercel.com'));\nexport {};`,
    finds: ['get', 'post'],
  },
  'another HTTP client': {
    source: `declare const http: { post(path: string): Promise<unknown> };\nawait http.post('$path');\nexport {};`,
    finds: ['post'],
  },
  // JavaScript.
  'JavaScript with checkJs': {
    extension: 'js',
    source: `// @ts-check\nimport { createClient } from 'vercel-rest';\nimport { operations } from './api/index.js';\n/** @typedef {import('./api/index.js').paths} paths */\nconst client = /** @type {typeof createClient<paths>} */ (createClient)({ operations });\nawait client.GET('$path');`,
    finds: ['get'],
  },
  'JavaScript with a JSDoc parameter': {
    extension: 'js',
    source: `/** @param {ReturnType<typeof import('vercel-rest').createClient<import('./api/index.js').paths>>} client */\nexport const list = ({ GET }) => undefined;\n/** @param {ReturnType<typeof import('vercel-rest').createClient<import('./api/index.js').paths>>} client */\nexport const read = (client) => client.GET('$path');`,
    finds: ['get'],
  },
  'JavaScript without types': {
    extension: 'js',
    source: `export const read = (client) => client.GET('$path');`,
    finds: ['get'],
  },
  JSX: {
    extension: 'tsx',
    source: `${ours}declare namespace JSX { interface IntrinsicElements { button: { onClick: () => void } } }\ndeclare const React: unknown;\nexport const Button = () => <button onClick={() => void client.POST('$path')} />;`,
    finds: ['post'],
  },
};
