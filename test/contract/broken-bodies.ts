/** A body that breaks the document, and where the refusal has to point. */
export interface BrokenBody {
  readonly what: string;
  readonly body: unknown;
  readonly pointer: string;
  readonly rule: string;
}

const data = { appId: 'A1', appName: 'Bot', clientId: 'c', clientSecret: 's' };
const item = { accessToken: 't', expiresAt: 1, subject: { type: 'app' }, environment: 'production' };

const brokenSubjects = (prefix: string, wrap: (subject: unknown) => unknown): readonly BrokenBody[] => [
  { what: 'subject without type', body: wrap({}), pointer: `${prefix}/type`, rule: 'required' },
  { what: 'subject that is text', body: wrap('app'), pointer: prefix, rule: 'type' },
  {
    what: 'user id that is a number',
    body: wrap({ type: 'user', id: 7 }),
    pointer: `${prefix}/id`,
    rule: 'type',
  },
  {
    what: 'token subject without token',
    body: wrap({ type: 'token' }),
    pointer: `${prefix}/token`,
    rule: 'required',
  },
  {
    what: 'token subject with more than a token',
    body: wrap({ type: 'token', token: 't', id: 'u' }),
    pointer: `${prefix}/id`,
    rule: 'additionalProperties',
  },
];

const brokenGrants: readonly BrokenBody[] = [
  { what: 'scopes that are no list', body: { scopes: 'read' }, pointer: '/body/scopes', rule: 'type' },
  { what: 'a scope that is no text', body: { scopes: ['read', 1] }, pointer: '/body/scopes/1', rule: 'type' },
  {
    what: 'details that are text',
    body: { authorizationDetails: ['x'] },
    pointer: '/body/authorizationDetails/0',
    rule: 'type',
  },
  {
    what: 'a buffer that is text',
    body: { validityBufferMs: '30000' },
    pointer: '/body/validityBufferMs',
    rule: 'type',
  },
];

const brokenConsents: readonly BrokenBody[] = [
  {
    what: 'a device code that is text',
    body: { deviceCode: 'yes' },
    pointer: '/body/deviceCode',
    rule: 'type',
  },
  { what: 'an expiry that is text', body: { expiresInMs: '1' }, pointer: '/body/expiresInMs', rule: 'type' },
];

/** Broken bodies by operation id, for every operation that takes a body. */
export const brokenBodies: Readonly<Record<string, readonly BrokenBody[]>> = {
  createConnector: [
    { what: 'no data', body: { type: 'slack' }, pointer: '/body/data', rule: 'required' },
    { what: 'neither type nor service', body: { data }, pointer: '/body/type', rule: 'required' },
    {
      what: 'a colour that is none',
      body: { type: 'slack', data, accentColor: 'red' },
      pointer: '/body/accentColor',
      rule: 'pattern',
    },
    {
      what: 'no environments',
      body: { type: 'slack', data, environments: [] },
      pointer: '/body/environments',
      rule: 'minItems',
    },
    {
      what: 'an unknown environment',
      body: { type: 'slack', data, environments: ['moon'] },
      pointer: '/body/environments/0',
      rule: 'pattern',
    },
  ],
  updateConnector: [
    { what: 'nothing to change', body: {}, pointer: '/body', rule: 'minProperties' },
    { what: 'an unknown field', body: { nmae: 'Bot' }, pointer: '/body/nmae', rule: 'additionalProperties' },
    { what: 'a field with a slash', body: { 'a/b': 1 }, pointer: '/body/a~1b', rule: 'additionalProperties' },
    { what: 'triggers that are text', body: { triggers: 'on' }, pointer: '/body/triggers', rule: 'type' },
    { what: 'an icon that is no digest', body: { icon: 'cat.png' }, pointer: '/body/icon', rule: 'pattern' },
  ],
  replaceConnectorTriggerDestinations: [
    { what: 'no destinations', body: {}, pointer: '/body/destinations', rule: 'required' },
    {
      what: 'too many',
      body: { destinations: Array.from({ length: 4 }, () => ({ projectId: 'p' })) },
      pointer: '/body/destinations',
      rule: 'maxItems',
    },
    {
      what: 'an empty branch',
      body: { destinations: [{ projectId: 'p', branch: '' }] },
      pointer: '/body/destinations/0/branch',
      rule: 'minLength',
    },
    {
      what: 'a field that no kind of destination has',
      body: { destinations: [{ projectId: 'p', path: '/a', brunch: 'b' }] },
      pointer: '/body/destinations/0/brunch',
      rule: 'additionalProperties',
    },
    {
      what: 'no project',
      body: { destinations: [{ path: '/a' }] },
      pointer: '/body/destinations/0/projectId',
      rule: 'required',
    },
  ],
  upsertConnectorProjectConnection: [
    { what: 'no environments', body: { environments: [] }, pointer: '/body/environments', rule: 'minItems' },
    {
      what: 'an unknown environment',
      body: { environments: ['production', 'moon'] },
      pointer: '/body/environments/1',
      rule: 'pattern',
    },
  ],
  getConnectorToken: [...brokenSubjects('/body/subject', (subject) => ({ subject })), ...brokenGrants],
  createConnectorAuthorizationRequest: [
    ...brokenSubjects('/body/subject', (subject) => ({ subject })),
    ...brokenGrants,
    ...brokenConsents,
    {
      what: 'a parameter that is no text',
      body: { additionalParams: { team: 1 } },
      pointer: '/body/additionalParams/team',
      rule: 'type',
    },
  ],
  createConnectorInstallationRequest: [...brokenGrants, ...brokenConsents],
  importConnectorTokens: [
    { what: 'no tokens', body: {}, pointer: '/body/tokens', rule: 'required' },
    {
      what: 'an item without token',
      body: { tokens: [item, { ...item, accessToken: undefined }] },
      pointer: '/body/tokens/1/accessToken',
      rule: 'required',
    },
    {
      what: 'an expiry that is text',
      body: { tokens: [{ ...item, expiresAt: '1' }] },
      pointer: '/body/tokens/0/expiresAt',
      rule: 'type',
    },
    ...brokenSubjects('/body/tokens/0/subject', (subject) => ({ tokens: [{ ...item, subject }] })),
  ],
  createManagedConnector: [
    { what: 'a service that is no text', body: { service: 1 }, pointer: '/body/service', rule: 'type' },
    { what: 'an icon that is no digest', body: { icon: 'x' }, pointer: '/body/icon', rule: 'pattern' },
  ],
  revokeConnectorTokens: brokenSubjects('/body/subject', (subject) => ({ subject })),
};

/** Values of a parameter that its schema refuses, by the keyword that does so. */
export const wrongTexts: Readonly<Record<string, string>> = {
  type: 'many',
  minimum: '0',
  maximum: '101',
  enum: 'not-a-member',
  maxLength: 'x'.repeat(101),
  pattern: 'not the pattern',
};
