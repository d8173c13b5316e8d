/** A request as people write it: method, path with query, and a JSON body. */
export type RealisticRequest = readonly [method: string, path: string, body?: unknown];

const CONTACT = {
  firstName: 'Ada',
  lastName: "O'Neill-Núñez",
  email: 'ada.oneill+domains@example.co.uk',
  phone: '+44.2079460958',
  address1: '12 St. James’s Sq., Flat 3',
  city: 'London',
  state: 'Greater London',
  zip: 'SW1Y 4JH',
  country: 'GB',
};
const PERIOD = { start: '2026-09-01T00:00:00Z', end: '2026-09-30T23:59:59.999Z' };
const project = '/v9/projects/my-blog';
const config = '/v1/edge-config/ecfg_6yh3w8q2kd0v';
const installation = '/v1/installations/icfg_3Zt7wQ';

/**
 * Requests with slugs, keys, prices, dates, domains and addresses, written by hand from what the API's documentation and its
 * users show. None is derived from a pattern or an example of the document, so that a wrong pattern cannot vouch for itself.
 */
export const REALISTIC: readonly RealisticRequest[] = [
  // Edge Config: slugs, keys and values.
  ['POST', '/v1/edge-config', { slug: 'my-config', items: { greeting: 'hello', max_items: 10, beta: true } }],
  ['POST', '/v1/edge-config', { slug: 'feature_flags_2026' }],
  ['PUT', config, { slug: 'Marketing-Site_v2' }],
  [
    'PATCH',
    `${config}/items`,
    { items: [{ operation: 'upsert', key: 'banner-text', value: 'Sale! 20 % off' }] },
  ],
  ['PATCH', `${config}/items`, { items: [{ operation: 'create', key: 'max_items', value: 12.5 }] }],
  [
    'PATCH',
    `${config}/items`,
    { items: [{ operation: 'update', key: 'old-banner', description: 'Shown until 2026-12-31' }] },
  ],
  ['GET', `${config}/item/max_items`],
  ['POST', `${config}/token`, { label: 'read token, CI (GitHub)' }],
  ['DELETE', `${config}/tokens`, { tokens: ['5d3d0c1e-0b4f-4f3e-9a57-8b8c1c1e3f21'] }],
  // No deletion of an item: the document lists the operation and has no branch that allows it.
  // Marketplace: prices and dates.
  [
    'POST',
    `${installation}/billing/invoices`,
    {
      invoiceDate: '2026-10-01T00:00:00Z',
      period: PERIOD,
      items: [
        {
          billingPlanId: 'pro200',
          name: 'Pro plan',
          price: '12.50',
          quantity: 1,
          units: 'month',
          total: '12.50',
        },
        { billingPlanId: 'pro200', name: 'Seats', price: '7', quantity: 3, units: 'seat', total: '21' },
      ],
      discounts: [{ billingPlanId: 'pro200', name: 'Launch discount', amount: '0.99' }],
      memo: 'September 2026',
    },
  ],
  [
    'POST',
    `${installation}/billing/invoices/inv_01J9ZK/actions`,
    { action: 'refund', reason: 'Duplicate charge', total: '12.50' },
  ],
  [
    'POST',
    `${installation}/billing`,
    {
      timestamp: '2026-09-30T12:00:00.000Z',
      eod: '2026-09-30T00:00:00Z',
      period: PERIOD,
      billing: [
        {
          billingPlanId: 'pro200',
          name: 'Pro',
          price: '200.00',
          quantity: 1,
          units: 'month',
          total: '200.00',
        },
      ],
      usage: [{ name: 'Requests', type: 'total', units: 'requests', dayValue: 1200, periodValue: 41000.5 }],
    },
  ],
  [
    'POST',
    `${installation}/billing/balance`,
    {
      timestamp: '2026-09-30T12:00:00+02:00',
      balances: [{ resourceId: 'db_main', credit: '10 USD', currencyValueInCents: 1000 }],
    },
  ],
  [
    'PUT',
    `${installation}/resources/db_main`,
    {
      productId: 'iap_4fGq',
      name: 'Main database',
      status: 'ready',
      secrets: [{ name: 'DATABASE_URL', value: 'postgres://u:p%40ss@db.example.com:5432/app' }],
    },
  ],
  ['POST', `${installation}/events`, { event: { type: 'resource.updated', resourceId: 'db_main' } }],
  [
    'POST',
    '/v1/storage/stores/integration/direct',
    {
      name: 'acme-postgres',
      integrationConfigurationId: 'icfg_3Zt7wQ',
      integrationProductIdOrSlug: 'neon-postgres',
      metadata: { region: 'iad1' },
    },
  ],
  [
    'PATCH',
    '/v1/deployments/dpl_5WJW/integrations/icfg_3Zt7wQ/resources/db_main/actions/branch',
    {
      status: 'succeeded',
      statusText: 'Branch created',
      statusUrl: 'https://console.example.com/branches/42?tab=logs',
    },
  ],
  // Projects: names, commands, environment variables, domains.
  ['POST', '/v11/projects', { name: 'my-blog' }],
  [
    'POST',
    '/v11/projects',
    { name: 'acme.shop_v2', framework: 'nextjs', gitRepository: { type: 'github', repo: 'acme/shop' } },
  ],
  [
    'PATCH',
    project,
    {
      name: 'my-blog-2',
      nodeVersion: '22.x',
      buildCommand: 'pnpm run build && pnpm test',
      outputDirectory: null,
    },
  ],
  ['GET', '/v10/projects?limit=20&search=blog&repoUrl=https%3A%2F%2Fgithub.com%2Facme%2Fblog'],
  ['GET', '/v9/projects/caf%C3%A9-site?teamId=team_nLlpyC6REAqxydlFKbrMDlud'],
  [
    'POST',
    `/v10/projects/my-blog/env`,
    {
      key: 'API_URL',
      value: 'https://api.example.com/v1?x=1&y=2',
      type: 'plain',
      target: ['production', 'preview'],
    },
  ],
  [
    'POST',
    `/v10/projects/my-blog/env?upsert=true`,
    [
      {
        key: 'NEXT_PUBLIC_KEY',
        value: 'pk_live_51H…',
        type: 'encrypted',
        target: ['development'],
        gitBranch: 'feature/login-page',
        comment: 'used by the client',
      },
    ],
  ],
  [
    'POST',
    `/v10/projects/my-blog/env`,
    { key: 'SECRET_KEY', value: 's3cr3t', type: 'sensitive', customEnvironmentIds: ['env_staging'] },
  ],
  ['PATCH', `${project}/env/XMbOEya1gUUO1ir4`, { value: '{"a": 1}', target: ['preview'] }],
  [
    'POST',
    `/v10/projects/my-blog/domains`,
    { name: 'www.example.com', redirect: 'example.com', redirectStatusCode: 308 },
  ],
  ['POST', `/v10/projects/my-blog/domains`, { name: 'xn--mnchen-3ya.example', gitBranch: 'release/2026.09' }],
  ['PATCH', `${project}/domains/www.example.com`, { redirect: null, gitBranch: 'main' }],
  ['POST', `${project}/domains/www.example.com/verify`],
  [
    'POST',
    `${project}/custom-environments`,
    {
      slug: 'staging',
      description: 'Before production',
      branchMatcher: { type: 'startsWith', pattern: 'release/' },
    },
  ],
  ['POST', '/v1/projects/my-blog/members', { email: 'grace.hopper@navy.mil', role: 'PROJECT_DEVELOPER' }],
  [
    'PATCH',
    '/v1/projects/my-blog/protection-bypass',
    { generate: { secret: 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6' } },
  ],
  ['GET', '/v1/projects/prj_12/promote/aliases?limit=20&since=1790812800000'],
  // Deployments and checks.
  [
    'POST',
    '/v13/deployments?forceNew=1',
    {
      name: 'my-blog',
      target: 'production',
      files: [{ file: 'index.html', data: '<h1>Hello</h1>' }],
      gitMetadata: {
        commitSha: 'dc36199b2234c6586ebe05ec94078a895c707e29',
        commitRef: 'main',
        commitAuthorName: 'Ada',
      },
      projectSettings: { framework: null, installCommand: 'npm ci' },
    },
  ],
  [
    'POST',
    '/v13/deployments',
    { name: 'my-blog', gitSource: { type: 'github', org: 'acme', repo: 'blog', ref: 'feature/a-b' } },
  ],
  [
    'GET',
    '/v6/deployments?app=my-blog&limit=10&since=1790812800000&until=1793404800000&state=READY,ERROR&target=production',
  ],
  ['GET', '/v13/deployments/my-blog-git-main-acme.vercel.app?withGitRepoInfo=true'],
  [
    'GET',
    '/v3/deployments/dpl_5WJWYSyB7BpgTj3EuwF37WMRBXBtPQ2iTMJHJBJyRfd/events?builds=1&follow=0&limit=100',
  ],
  [
    'POST',
    '/v1/deployments/dpl_5WJW/checks',
    {
      name: 'Lighthouse',
      blocking: true,
      path: '/',
      detailsUrl: 'https://checks.example.com/runs/1',
      externalId: 'run-1',
    },
  ],
  [
    'PATCH',
    '/v1/deployments/dpl_5WJW/checks/check_1',
    {
      status: 'completed',
      conclusion: 'succeeded',
      output: {
        metrics: {
          FCP: { value: 1200.5, previousValue: 1300, source: 'web-vitals' },
          LCP: { value: 2000, source: 'web-vitals' },
          CLS: { value: 0.1, source: 'web-vitals' },
          TBT: { value: 50, source: 'web-vitals' },
        },
      },
    },
  ],
  ['POST', '/v2/deployments/dpl_5WJW/aliases', { alias: 'my-blog.example.com', redirect: null }],
  // Domains and DNS.
  ['POST', '/v2/domains/example.com/records', { type: 'A', name: 'www', value: '76.76.21.21', ttl: 60 }],
  ['POST', '/v2/domains/example.com/records', { type: 'AAAA', name: '', value: '2606:4700::6810:84e5' }],
  [
    'POST',
    '/v2/domains/example.com/records',
    { type: 'CNAME', name: 'blog', value: 'cname.vercel-dns.com', ttl: 3600, comment: 'blog' },
  ],
  [
    'POST',
    '/v2/domains/example.com/records',
    { type: 'MX', name: '', value: 'mx1.mail.example.com', mxPriority: 10 },
  ],
  [
    'POST',
    '/v2/domains/example.com/records',
    { type: 'TXT', name: '_dmarc', value: 'v=DMARC1; p=none; rua=mailto:d@example.com' },
  ],
  [
    'POST',
    '/v2/domains/example.com/records',
    {
      type: 'SRV',
      name: '_sip._tcp',
      srv: { priority: 10, weight: 5, port: 5060, target: 'sip.example.com' },
    },
  ],
  ['PATCH', '/v1/domains/records/rec_V0fra8eEgQwEpFhYG2vTzC3K', { value: '76.76.21.98', ttl: 120 }],
  ['GET', '/v4/domains/price?name=example-shop.com&type=new'],
  ['GET', '/v6/domains/www.example.com/config?strict=true'],
  [
    'POST',
    '/v5/domains/buy',
    {
      name: 'example-shop.com',
      expectedPrice: 11.25,
      renew: true,
      country: 'US',
      firstName: 'Jane',
      lastName: 'Doe',
      address1: '340 S Lemon Ave Suite 4133',
      city: 'San Francisco',
      state: 'CA',
      postalCode: '91789',
      phone: '+1.4158551452',
      email: 'jane.doe@someplace.com',
    },
  ],
  [
    'POST',
    '/v1/registrar/domains/example-shop.com/buy',
    { autoRenew: true, years: 1, expectedPrice: 11.25, contactInformation: CONTACT },
  ],
  ['POST', '/v1/registrar/domains/availability', { domains: ['example.com', 'my-shop.co.uk'] }],
  [
    'PATCH',
    '/v1/registrar/domains/example.com/nameservers',
    { nameservers: ['ns1.vercel-dns.com', 'ns2.vercel-dns.com'] },
  ],
  ['GET', '/v1/registrar/tlds/io/price?years=2'],
  // Log drains, webhooks, firewall, access, tokens, certificates, artifacts.
  [
    'POST',
    '/v1/log-drains',
    {
      name: 'Production logs',
      deliveryFormat: 'ndjson',
      url: 'https://logs.example.com/ingest?source=vercel',
      sources: ['static', 'lambda'],
      environments: ['production'],
      secret: 'a1b2c3',
      samplingRate: 0.5,
      headers: { Authorization: 'Bearer abc' },
    },
  ],
  [
    'POST',
    '/v2/integrations/log-drains',
    {
      name: 'My first log drain',
      url: 'https://example.com/log-drain',
      deliveryFormat: 'json',
      sources: ['build'],
    },
  ],
  [
    'POST',
    '/v1/drains',
    {
      name: 'Traces',
      projects: 'some',
      projectIds: ['prj_12HKQaOmR5t5Uy6v'],
      schemas: { log: { version: 'v1' } },
      delivery: {
        type: 'http',
        endpoint: 'https://otel.example.com/v1/logs',
        encoding: 'json',
        headers: { 'x-api-key': 'k' },
      },
      sampling: [{ type: 'head_sampling', rate: 0.1 }],
    },
  ],
  [
    'POST',
    '/v1/webhooks',
    {
      url: 'https://hooks.example.com/vercel?token=abc',
      events: ['deployment.created', 'deployment.error'],
      projectIds: ['prj_12HKQaOmR5t5Uy6v'],
    },
  ],
  ['GET', '/v1/webhooks?projectId=prj_12HKQaOmR5t5Uy6v'],
  [
    'POST',
    '/v1/security/firewall/bypass?projectId=prj_12',
    { domain: 'www.example.com', sourceIp: '203.0.113.7', note: 'office' },
  ],
  [
    'PATCH',
    '/v1/security/firewall/config?projectId=prj_12',
    { action: 'firewallEnabled', id: null, value: true },
  ],
  [
    'POST',
    '/v1/security/attack-mode',
    { projectId: 'prj_12', attackModeEnabled: true, attackModeActiveUntil: 1793404800000 },
  ],
  [
    'POST',
    '/v1/access-groups',
    { name: 'Front-end team', projects: [{ projectId: 'prj_12', role: 'PROJECT_DEVELOPER' }] },
  ],
  ['POST', '/v1/teams', { slug: 'acme-inc', name: 'Acme, Inc.' }],
  [
    'POST',
    '/v1/teams/team_1/members',
    { email: 'new.hire@acme.example', role: 'DEVELOPER', projects: [{ projectId: 'prj_12', role: 'ADMIN' }] },
  ],
  ['PATCH', '/v2/teams/acme-inc', { name: 'Acme & Sons', emailDomain: 'acme.example' }],
  ['POST', '/v3/user/tokens', { name: 'deploy from CI', expiresAt: 1793404800000 }],
  ['POST', '/v8/certs', { cns: ['example.com', '*.example.com'] }],
  ['POST', '/v8/artifacts', { hashes: ['12HKQaOmR5t5Uy6vdcQsNIiZgHGB', '34HKQaOmR5t5Uy6vasdasdasdasd'] }],
];
