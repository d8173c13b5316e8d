import { isRecord, listOf, recordOf } from '../util/is-record.js';

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
