import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type KeyLike, SignJWT } from 'jose';

export const PROJECT = 'prj_shop';
export const JWKS_URL = 'https://oidc.vercel.com/.well-known/jwks';

/** An issuer of tokens with a key of its own. */
export interface Issuer {
  readonly kid: string;
  readonly privateKey: KeyLike;
  readonly publicKey: KeyLike;
  readonly jwk: JWK;
}

export async function createIssuer(kid: string, alg = 'RS256'): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** The claims of a good forward, issued a second ago. */
export function goodClaims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const claims: Record<string, unknown> = {
    iss: 'https://oidc.vercel.com/acme',
    aud: 'https://vercel.com/acme',
    sub: 'owner:acme:project:shop:environment:production',
    owner: 'acme',
    owner_id: 'team_acme',
    project: 'shop',
    project_id: PROJECT,
    environment: 'production',
    client_id: 'api-connex',
    trigger: { id: 'scl_1', uid: 'slack/acme-slack', type: 'slack', service: 'slack' },
    iat: now - 1,
    nbf: now - 1,
    exp: now + 3_600,
    ...changes,
  };
  for (const [name, value] of Object.entries(claims)) if (value === undefined) delete claims[name];
  return claims;
}

export function signToken(
  { kid, privateKey }: Issuer,
  claims = goodClaims(),
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const whole = { alg: 'RS256', typ: 'JWT', kid, ...header };
  return new SignJWT(claims).setProtectedHeader(whole).sign(privateKey, { crit: { b64: true } });
}

export function forward(token: string, body = '{"event":1}', headers: Record<string, string> = {}): Request {
  return new Request('https://shop.example.com/hook', {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}
