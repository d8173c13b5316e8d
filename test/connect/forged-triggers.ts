import { createHmac } from 'node:crypto';
import { claims, type Forged, header, hmacToken, part, publicPem, raw, seconds, tampered } from './forge.js';
import { createIssuer, forward, goodClaims, PROJECT, signToken } from './trigger-helpers.js';
import { OPTIONS } from './trigger-world.js';

/** Every kind of trigger that must not be accepted, and why. */
export const FORGED: readonly Forged[] = [
  // Nothing, or no token.
  raw('no header', 'missing_token', undefined),
  raw('an empty bearer', 'missing_token', 'Bearer '),
  raw('a basic credential', 'missing_token', 'Basic dXNlcjpwYXNz'),
  raw('a token without a scheme', 'missing_token', 'a.b.c'),
  [
    'a good token under a scheme that only ends in its name',
    'missing_token',
    async (world) => forward('', '{}', { authorization: `Notbearer ${await signToken(world.vercel)}` }),
  ],
  raw('one part', 'malformed_token', 'Bearer abc'),
  raw('two parts', 'malformed_token', 'Bearer abc.def'),
  raw('four parts', 'malformed_token', 'Bearer a.b.c.d'),
  raw('three parts of nothing', 'malformed_token', 'Bearer a.b.c'),
  raw(
    'a header that is no JSON',
    'malformed_token',
    `Bearer ${Buffer.from('{').toString('base64url')}.e30.c2ln`,
  ),
  raw('a header that is a list', 'malformed_token', `Bearer ${part([])}.e30.c2ln`),
  raw('an oversized token', 'missing_token', `Bearer ${part({ alg: 'RS256' })}.${'a'.repeat(17_000)}.c2ln`),
  raw('an encrypted token', 'malformed_token', 'Bearer a.b.c.d.e'),
  [
    'the token beside another header: the ambient one of the receiver',
    'missing_token',
    async (world) =>
      new Request('https://shop.example.com/hook', {
        method: 'POST',
        headers: { 'x-vercel-oidc-token': await signToken(world.vercel) },
      }),
  ],
  [
    'two bearers, as a proxy joins them',
    'malformed_token',
    async (world) => {
      const request = forward(await signToken(world.vercel));
      request.headers.append('authorization', 'Bearer a.b.c');
      return request;
    },
  ],
  // Algorithms.
  ...['none', 'None', 'NONE', 'nOnE', ''].map(
    (alg): Forged => [
      `algorithm ${JSON.stringify(alg)} and no signature`,
      'malformed_token',
      () => forward(`${part({ alg, kid: 'vercel-1' })}.${part(goodClaims())}.`),
    ],
  ),
  [
    'algorithm none and some signature',
    'wrong_algorithm',
    () => forward(`${part({ alg: 'none', kid: 'vercel-1' })}.${part(goodClaims())}.c2ln`),
  ],
  ...(['HS256', 'HS384', 'HS512'] as const).map(
    (alg): Forged => [
      `${alg} with the public key as its secret`,
      'wrong_algorithm',
      async (world) => forward(hmacToken(alg, `sha${alg.slice(2)}`, await publicPem(world))),
    ],
  ),
  [
    'HS256 with the modulus as its secret',
    'wrong_algorithm',
    (world) => forward(hmacToken('HS256', 'sha256', Buffer.from(String(world.vercel.jwk.n), 'base64url'))),
  ],
  ...(['RS384', 'RS512', 'PS256', 'PS512'] as const).map(
    (alg): Forged => [
      `${alg} by a key of the attacker`,
      'wrong_algorithm',
      async () => {
        const other = await createIssuer('vercel-1', alg);
        return forward(await signToken(other, goodClaims(), { alg }));
      },
    ],
  ),
  [
    'ES256 under the id of a good key',
    'wrong_algorithm',
    async (world) => forward(await signToken(world.elliptic, goodClaims(), { alg: 'ES256' })),
  ],
  [
    'HS256 inside a header that says RS256',
    'wrong_signature',
    () => {
      const unsigned = `${part({ alg: 'RS256', kid: 'vercel-1' })}.${part(goodClaims())}`;
      return forward(`${unsigned}.${createHmac('sha256', 'secret').update(unsigned).digest('base64url')}`);
    },
  ],
  // Keys.
  ['a key that nobody knows', 'unknown_key', async (world) => forward(await signToken(world.attacker))],
  [
    'a key of the attacker under the id of a good one',
    'wrong_signature',
    async (world) => forward(await signToken(world.sameKid)),
  ],
  header('no key id', 'unknown_key', { kid: undefined }),
  header('an empty key id', 'unknown_key', { kid: '' }),
  header('a key id that is a path', 'unknown_key', { kid: '../../../../dev/null' }),
  header('a key id of the prototype', 'unknown_key', { kid: '__proto__' }),
  [
    'an embedded key',
    'malformed_token',
    async (world) =>
      forward(await signToken(world.attacker, goodClaims(), { jwk: world.attacker.jwk as never })),
  ],
  header('a key set elsewhere', 'malformed_token', { jku: 'https://evil.example/jwks' }),
  header('an embedded certificate', 'malformed_token', { x5c: ['MIIB'] }),
  header('a certificate elsewhere', 'malformed_token', { x5u: 'https://evil.example/cert' }),
  header('an unencoded payload', 'malformed_token', { b64: true, crit: ['b64'] }),
  // Signatures.
  tampered('claims changed afterwards', 'wrong_signature', ([head, , sign]) => [
    String(head),
    part(goodClaims({ project_id: 'prj_shop', extra: 1 })),
    String(sign),
  ]),
  tampered('a header changed afterwards', 'wrong_signature', ([, body, sign]) => [
    part({ alg: 'RS256', kid: 'vercel-1', typ: 'at+jwt' }),
    String(body),
    String(sign),
  ]),
  tampered('half a signature', 'wrong_signature', ([head, body, sign]) => [
    String(head),
    String(body),
    String(sign).slice(0, 171),
  ]),
  tampered('a signature of zeros', 'wrong_signature', ([head, body]) => [
    String(head),
    String(body),
    Buffer.alloc(256).toString('base64url'),
  ]),
  tampered('the signature of another token', 'wrong_signature', ([head, , sign]) => [
    String(head),
    part(goodClaims({ jti: 'other' })),
    String(sign),
  ]),
  // Who issued it, and for whom.
  claims('another issuer', 'wrong_issuer', () => ({ iss: 'https://evil.example' })),
  claims('an issuer that only begins like it', 'wrong_issuer', () => ({
    iss: 'https://oidc.vercel.com.evil.example',
  })),
  claims('an issuer over http', 'wrong_issuer', () => ({ iss: 'http://oidc.vercel.com/acme' })),
  claims('the issuer of another team', 'wrong_issuer', () => ({ iss: 'https://oidc.vercel.com/other' })),
  claims('an issuer below the team', 'wrong_issuer', () => ({ iss: 'https://oidc.vercel.com/acme/x' })),
  claims('an issuer in a list', 'wrong_issuer', () => ({ iss: ['https://oidc.vercel.com/acme'] })),
  claims('no issuer', 'wrong_issuer', () => ({ iss: undefined })),
  claims('another audience', 'wrong_audience', () => ({ aud: 'https://evil.example' })),
  claims('the audience of another team', 'wrong_audience', () => ({ aud: 'https://vercel.com/other' })),
  claims('a token exchanged for AWS', 'wrong_audience', () => ({ aud: 'sts.amazonaws.com' })),
  claims('no audience', 'wrong_audience', () => ({ aud: undefined })),
  claims('an empty list of audiences', 'wrong_audience', () => ({ aud: [] })),
  claims('no team', 'wrong_audience', () => ({ owner: undefined, iss: 'https://oidc.vercel.com' })),
  claims('another project', 'wrong_project', () => ({ project_id: 'prj_other' })),
  claims('the project in a list', 'wrong_project', () => ({ project_id: [PROJECT] })),
  claims('no project', 'wrong_project', () => ({ project_id: undefined })),
  claims('another environment', 'wrong_environment', () => ({ environment: 'preview' })),
  claims('no environment', 'wrong_environment', () => ({ environment: undefined })),
  [
    'another team, where one is expected',
    'wrong_owner',
    async (world) => forward(await signToken(world.vercel)),
    { ...OPTIONS, ownerId: 'team_other' },
  ],
  // That Connect sent it.
  claims("the receiver's own ambient token as bearer", 'wrong_client', () => ({
    client_id: undefined,
    trigger: undefined,
  })),
  claims('another client', 'wrong_client', () => ({ client_id: 'api-deployments' })),
  claims('no trigger', 'wrong_client', () => ({ trigger: undefined })),
  claims('a trigger that is text', 'wrong_client', () => ({ trigger: 'slack/acme-slack' })),
  claims('a trigger without a connector', 'wrong_connector', () => ({ trigger: {} })),
  claims('a trigger whose id is a list', 'wrong_connector', () => ({
    trigger: { id: ['scl_1'], uid: 'slack/acme-slack', type: 'slack', service: 'slack' },
  })),
  [
    'another connector, where one is expected',
    'wrong_connector',
    async (world) => forward(await signToken(world.vercel)),
    { ...OPTIONS, connector: ['github/acme', 'scl_2'] },
  ],
  [
    'unsigned headers that name the expected connector',
    'wrong_connector',
    async (world) =>
      forward(await signToken(world.vercel), '{}', {
        'x-trigger-uid': 'github/acme',
        'x-trigger-id': 'scl_2',
      }),
    { ...OPTIONS, connector: 'github/acme' },
  ],
  // Times.
  claims('expired', 'wrong_time', () => ({ exp: seconds() - 120 })),
  claims('without an expiry', 'wrong_time', () => ({ exp: undefined })),
  claims('from the future', 'wrong_time', () => ({ iat: seconds() + 120, nbf: undefined })),
  claims('not good before later', 'wrong_time', () => ({ nbf: seconds() + 120 })),
  claims('too old', 'wrong_time', () => ({ iat: seconds() - 600, nbf: undefined })),
  claims('without a time of issue', 'wrong_time', () => ({ iat: undefined, nbf: undefined })),
  claims('with an expiry in milliseconds that hides its age', 'wrong_time', () => ({
    iat: seconds() - 7_200,
    exp: Date.now(),
  })),
  [
    'a body that is too long',
    'body_too_large',
    async (world) => forward(await signToken(world.vercel), 'x'.repeat(101)),
    {
      ...OPTIONS,
      maxBodyBytes: 100,
    },
  ],
];
