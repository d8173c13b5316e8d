/** The calls of a program that uses 20 operations of 10 tags; `client` is what the program has made before. */
export const TWENTY_CALLS = `
let calls = 0;
async function count(call: PromiseLike<unknown>): Promise<void> {
  await call;
  calls += 1;
}
const project = { path: { idOrName: 'my-blog' } };

// projects
await count(client.GET('/v9/projects/{idOrName}', { params: project }));
await count(client.call('getProjects', { params: { query: { search: 'blog' } } }));
await count(client.POST('/v10/projects/{idOrName}/domains', { params: project, body: { name: 'www.example.com' } }));
await count(client.call('filterProjectEnvs', { params: project }));
// deployments
await count(client.GET('/v6/deployments', { params: { query: { limit: 5, app: 'my-blog' } } }));
await count(client.call('getDeployment', { params: { path: { idOrUrl: 'my-blog-acme.vercel.app' } } }));
// domains and dns
await count(client.call('getDomains'));
await count(client.call('getDomain', { params: { path: { domain: 'example.com' } } }));
await count(client.GET('/v4/domains/{domain}/records', { params: { path: { domain: 'example.com' } } }));
// teams and user
await count(client.call('getTeams', { params: { query: { limit: 10 } } }));
await count(client.call('getTeam', { params: { path: { teamId: 'team_1' } } }));
await count(client.GET('/v2/user'));
// edge-config
await count(client.call('getEdgeConfigs'));
await count(client.POST('/v1/edge-config', { body: { slug: 'my-config' } }));
// webhooks, certs, aliases, access-groups, checks, authentication
await count(client.call('getWebhook', { params: { path: { id: 'hook_1' } } }));
await count(client.call('getCertById', { params: { path: { id: 'cert_1' } } }));
await count(client.GET('/v4/aliases/{idOrAlias}', { params: { path: { idOrAlias: 'my-blog.vercel.app' } } }));
await count(client.call('listAccessGroups'));
await count(client.call('getAllChecks', { params: { path: { deploymentId: 'dpl_1' } } }));
await count(client.call('listAuthTokens'));
console.log(\`\${calls} calls\`);
`;
