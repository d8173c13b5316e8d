import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { dereference } from './references.js';
import { list } from './walk-operations.js';

/** A way to authenticate that this package knows (OpenAPI 3.1, Security Scheme Object). */
export type KnownScheme =
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly kind: 'basic' }
  /** `http` with the scheme `bearer`, `oauth2` and `openIdConnect`: each sends a bearer token. */
  | { readonly kind: 'bearer' };

/** A security scheme of a document; `type` names one that this package does not know, such as `http digest` or `mutualTLS`. */
export type SecurityScheme = KnownScheme | { readonly kind: 'unknown'; readonly type: string };

/** The names of the schemes that a request needs together; none where it needs no credential. */
export type SecurityRequirement = readonly string[];

/** The schemes of a document by their names. */
export function securitySchemesOf(document: OpenApiDocument): Record<string, SecurityScheme> {
  const { securitySchemes } = (document.components ?? {}) as JsonObject;
  const entries = Object.entries(isRecord(securitySchemes) ? securitySchemes : {});
  return Object.fromEntries(entries.map(([name, node]) => [name, readScheme(dereference(document, node))]));
}

function readScheme({ type, scheme, in: place, name }: JsonObject): SecurityScheme {
  const kind = String(scheme).toLowerCase();
  if (type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && kind === 'bearer'))
    return { kind: 'bearer' };
  if (type === 'http' && kind === 'basic') return { kind: 'basic' };
  if (type === 'apiKey' && (place === 'header' || place === 'query' || place === 'cookie'))
    return { kind: 'apiKey', in: place, name: String(name) };
  return { kind: 'unknown', type: type === 'http' ? `http ${kind}` : String(type) };
}

/**
 * The alternatives by which an operation is allowed; none where it asks for nothing.
 *
 * A name that `components.securitySchemes` does not have is a bearer's: documents that leave the section out mean one.
 */
export function requirementsOf(document: OpenApiDocument, operation: JsonObject): SecurityRequirement[] {
  return list(operation.security ?? document.security).map((requirement) =>
    isRecord(requirement) ? Object.keys(requirement) : [],
  );
}

/** Whether requirements name nothing but bearers, of which there is no more to say. */
export function isPlainBearer(
  requirements: readonly SecurityRequirement[],
  schemes: Readonly<Record<string, SecurityScheme>>,
): boolean {
  return requirements.every((names) => names.every((name) => schemeNamed(schemes, name).kind === 'bearer'));
}

/** Returns a scheme by its name; see {@link requirementsOf} for one that is not there. */
export function schemeNamed(schemes: Readonly<Record<string, SecurityScheme>>, name: string): SecurityScheme {
  return (Object.hasOwn(schemes, name) ? schemes[name] : undefined) ?? { kind: 'bearer' };
}

/** What a scheme asks for, in words: `an API key in the header X-Key`. */
export function describeScheme(scheme: SecurityScheme): string {
  switch (scheme.kind) {
    case 'bearer':
      return 'a bearer token';
    case 'basic':
      return 'a user name and password (HTTP basic)';
    case 'apiKey':
      return `an API key in the ${scheme.in === 'query' ? 'query parameter' : scheme.in} ${scheme.name}`;
    case 'unknown':
      return scheme.type;
  }
}
