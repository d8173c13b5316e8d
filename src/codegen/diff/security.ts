import { isRecord, listOf } from '../../util/is-record.js';
import { addedOrRemoved } from './findings.js';
import { recordOf } from './nodes.js';
import type { Operation } from './pair-operations.js';
import type { Finding, View } from './types.js';

/** One way to be allowed: each credential with its scopes. None at all lets anybody in. */
type Way = ReadonlyMap<string, ReadonlySet<string>>;

/** Compares the credentials that an operation takes: every caller that was let in still has to be. */
export function compareSecurity(before: View, after: View, was: Operation, is: Operation): Finding[] {
  const [a, b] = [waysOf(before, was), waysOf(after, is)];
  const [textBefore, textAfter] = [show(a), show(b)];
  if (textBefore === textAfter) return [];
  const satisfies = (held: Way, asked: Way) =>
    [...asked].every(([credential, scopes]) => {
      const have = held.get(credential);
      return have !== undefined && [...scopes].every((scope) => have.has(scope));
    });
  const isShut = a.some((way) => !b.some((asked) => satisfies(way, asked)));
  const kind = isShut ? 'credential-changed' : 'credential-accepted';
  const cause = `${textBefore} ${textAfter}`;
  return [{ kind, at: ['security'], before: textBefore, after: textAfter, cause }];
}

function waysOf(view: View, { node }: Operation): Way[] {
  const schemes = recordOf(recordOf(view.document.components).securitySchemes);
  // A scheme is known by what it asks for, and not by its name in the document.
  const credentialOf = (name: string): string => {
    const { type, scheme, in: location, name: key } = view.resolve(schemes[name]);
    if (type === 'http') return `http ${String(scheme).toLowerCase()}`;
    if (type === 'apiKey') return `${String(location)} ${String(key)}`;
    return typeof type === 'string' ? type : name;
  };
  const ways = listOf(node.security ?? view.document.security).filter(isRecord);
  if (ways.length === 0) return [new Map()];
  return ways.map((way) => {
    const credentials = Object.entries(way);
    return new Map(
      credentials.map(([name, scopes]) => [credentialOf(name), new Set(listOf(scopes).map(String))]),
    );
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

/** Compares base URLs. */
export function compareServers(before: View, after: View, was: Operation, is: Operation): Finding[] {
  const [a, b] = [serversOf(before, was), serversOf(after, is)];
  const where = { at: [], cause: `${[...a].sort().join()} ${[...b].sort().join()}` };
  const gone = [...a].filter((url) => !b.has(url)).join(', ');
  const fresh = [...b].filter((url) => !a.has(url)).join(', ');
  if (gone !== '')
    return [{ kind: 'server-removed', side: 'before', before: gone, after: fresh || null, ...where }];
  return fresh === '' ? [] : [addedOrRemoved('server', null, fresh, where)];
}

function serversOf(view: View, { node, item }: Operation): Set<string> {
  const listed = listOf([node.servers, item.servers, view.document.servers].find(Array.isArray));
  // A path is appended to it, with one slash between.
  const urls = listed.filter(isRecord).map(({ url }) => String(url).replace(/(?<=.)\/+$/, ''));
  // The default of the standard.
  return new Set(urls.length === 0 ? ['/'] : urls);
}
