import { isRecord } from '../../util/is-record.js';
import { canonical } from './interner.js';
import type { Operation } from './pair-operations.js';
import type { Finding, View } from './types.js';

/** One way to be allowed: a credential to its scopes; none at all for anybody. */
type Way = ReadonlyMap<string, ReadonlySet<string>>;

/** The credentials that an operation takes: whoever was let in still has to be. */
export function compareSecurity(before: View, after: View, was: Operation, is: Operation): Finding[] {
  const [a, b] = [waysOf(before, was), waysOf(after, is)];
  const [textBefore, textAfter] = [show(a), show(b)];
  if (textBefore === textAfter) return [];
  const isShut = a.some((way) => !b.some((asked) => satisfies(way, asked)));
  const kind = isShut ? 'credential-changed' : 'credential-accepted';
  const cause = `${textBefore} ${textAfter}`;
  return [{ kind, at: ['security'], side: 'after', before: textBefore, after: textAfter, cause }];
}

function waysOf(view: View, { node }: Operation): Way[] {
  const listed = node.security ?? view.document.security;
  const ways = Array.isArray(listed) ? listed.filter(isRecord) : [];
  if (ways.length === 0) return [new Map()];
  return ways.map((way) => {
    const credentials = Object.entries(way).map(([name, scopes]) => {
      const names: unknown[] = Array.isArray(scopes) ? scopes : [];
      return [credentialOf(view, name), new Set(names.map(String))] as const;
    });
    return new Map(credentials);
  });
}

/** What a scheme asks for; how the document calls it is its own affair. */
function credentialOf(view: View, name: string): string {
  const components = isRecord(view.document.components) ? view.document.components : {};
  const schemes = isRecord(components.securitySchemes) ? components.securitySchemes : {};
  const scheme = view.resolve(schemes[name]);
  const { type, scheme: kind, in: location, name: key } = scheme;
  if (type === 'http') return `http ${String(kind).toLowerCase()}`;
  if (type === 'apiKey') return `${String(location)} ${String(key)}`;
  return typeof type === 'string' ? type : name;
}

function satisfies(held: Way, asked: Way): boolean {
  return [...asked].every(([credential, scopes]) => {
    const have = held.get(credential);
    return have !== undefined && [...scopes].every((scope) => have.has(scope));
  });
}

function show(ways: readonly Way[]): string {
  const texts = ways.map((way) => {
    const parts = [...way].map(([name, scopes]) =>
      scopes.size > 0 ? `${name} (${[...scopes].sort().join(' ')})` : name,
    );
    return parts.length === 0 ? 'no credential' : parts.sort().join(' and ');
  });
  return [...new Set(texts)].sort().join(' or ');
}

/** Base URLs that are gone, and new ones. */
export function compareServers(before: View, after: View, was: Operation, is: Operation): Finding[] {
  const [a, b] = [serversOf(before, was), serversOf(after, is)];
  const place = { at: [], cause: `${canonical([...a].sort())} ${canonical([...b].sort())}` };
  const gone = [...a].filter((url) => !b.has(url)).join(', ');
  const fresh = [...b].filter((url) => !a.has(url)).join(', ');
  if (gone !== '') {
    return [{ kind: 'server-removed', side: 'before', before: gone, after: fresh || null, ...place }];
  }
  if (fresh === '') return [];
  return [{ kind: 'server-added', side: 'after', before: null, after: fresh, ...place }];
}

function serversOf(view: View, { node, item }: Operation): Set<string> {
  const listed = [node.servers, item.servers, view.document.servers].find(Array.isArray) ?? [];
  // A path is appended to it, with one slash between.
  const urls = listed
    .filter(isRecord)
    .map(({ url }: Record<string, unknown>) => String(url).replace(/(?<=.)\/+$/, ''));
  // The default of the standard.
  return new Set(urls.length === 0 ? ['/'] : urls);
}
