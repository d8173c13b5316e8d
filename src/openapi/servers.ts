import { withoutTrailingSlashes } from '../http/base-url.js';
import { isRecord, listOf, recordOf } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';

/**
 * Lists the URLs of servers with the defaults of their variables (OpenAPI 3.1, Server Object). A URL without a host, such as
 * `/v1`, stays as it is.
 */
export function serverUrls(servers: unknown): string[] {
  return listOf(servers).flatMap((server) => {
    if (!isRecord(server) || typeof server.url !== 'string') return [];
    const variables = recordOf(server.variables);
    const url = server.url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return isRecord(variable) && variable.default !== undefined ? String(variable.default) : whole;
    });
    return [url.startsWith('//') ? `https:${url}` : url];
  });
}

/** Returns the URLs that have a host, without slashes at their ends. */
export function absoluteUrls(urls: readonly string[]): string[] {
  const usable = urls.filter((url) => /^https?:\/\//i.test(url) && URL.canParse(url));
  return usable.map((url) => withoutTrailingSlashes(new URL(url).origin + new URL(url).pathname));
}

/**
 * Returns the base URL of an operation that has servers of its own; `undefined` where one of the document's is among them.
 *
 * @param nodes - The operation and its path item: servers of the operation replace those of the path item.
 */
export function ownServer(document: OpenApiDocument, nodes: readonly JsonObject[]): string | undefined {
  const listed = nodes.map(({ servers }) => listOf(servers)).find(({ length }) => length > 0);
  if (listed === undefined) return undefined;
  const shared = absoluteUrls(serverUrls(document.servers));
  const own = serverUrls(listed).map((url) =>
    shared[0] !== undefined && URL.canParse(url, shared[0]) ? new URL(url, shared[0]).href : url,
  );
  const urls = absoluteUrls(own);
  return urls.some((url) => shared.includes(url)) ? undefined : urls[0];
}
