import { isRecord, listOf, recordOf } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { dereference } from './references.js';

/** A way to authenticate that this package knows (OpenAPI 3.1, Security Scheme Object). */
export type KnownScheme =
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly kind: 'basic' }
  /** `http` with the scheme `bearer`, `oauth2` and `openIdConnect`: each sends a bearer token. */
  | { readonly kind: 'bearer' };

/** A security scheme of a document; `type` names one that this package does not know, such as `http digest` or `mutualTLS`. */
export type SecurityScheme = KnownScheme | { readonly kind: 'unknown'; readonly type: string };

/** The names of the schemes that a request needs together; empty for no credential. */
export type SecurityRequirement = readonly string[];

/** Returns the schemes of a document by name. */
export function securitySchemesOf(document: OpenApiDocument): Record<string, SecurityScheme> {
  const { securitySchemes } = (document.components ?? {}) as JsonObject;
  const entries = Object.entries(recordOf(securitySchemes));
  const schemes = entries.map(([name, node]): [string, SecurityScheme] => {
    const declared = dereference(document, node);
    const { type, in: location } = declared;
    const scheme = String(declared.scheme).toLowerCase();
    if (type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && scheme === 'bearer'))
      return [name, { kind: 'bearer' }];
    if (type === 'http' && scheme === 'basic') return [name, { kind: 'basic' }];
    if (type === 'apiKey' && (location === 'header' || location === 'query' || location === 'cookie'))
      return [name, { kind: 'apiKey', in: location, name: String(declared.name) }];
    return [name, { kind: 'unknown', type: type === 'http' ? `http ${scheme}` : String(type) }];
  });
  return Object.fromEntries(schemes);
}

/**
 * Returns the alternative credentials of an operation; empty for an operation that needs none.
 *
 * A name without an entry in `components.securitySchemes` means a bearer, as documents without that section do.
 */
export function requirementsOf(document: OpenApiDocument, operation: JsonObject): SecurityRequirement[] {
  return listOf(operation.security ?? document.security).map((requirement) =>
    isRecord(requirement) ? Object.keys(requirement) : [],
  );
}

/** Whether requirements name bearers alone. */
export function isPlainBearer(
  requirements: readonly SecurityRequirement[],
  schemes: Readonly<Record<string, SecurityScheme>>,
): boolean {
  return requirements.every((names) => names.every((name) => schemeNamed(schemes, name).kind === 'bearer'));
}

/** Returns a scheme by name; see {@link requirementsOf} for an unknown name. */
export function schemeNamed(schemes: Readonly<Record<string, SecurityScheme>>, name: string): SecurityScheme {
  return (Object.hasOwn(schemes, name) ? schemes[name] : undefined) ?? { kind: 'bearer' };
}

/** Describes a credential in words: `an API key in the header X-Key`. */
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
