import { parseBase64Json } from '../../util/bytes.js';
import { isRecord } from '../../util/is-record.js';
import { describeConnector, linkOf } from './connector-state.js';
import { connectorOf, type EmulatedOperations } from './emulated-call.js';
import { HttpError } from './http-error.js';
import { requireLink } from './identify.js';

const DEFAULT_LIMIT = 20;

export const listOperations = {
  /** GET /v2/connect/connectors. */
  listConnectors({ state, query }) {
    const { projectId, search = '', type, service, sort, limit = DEFAULT_LIMIT, cursor } = query;
    const found = [...state.connectors.values()].filter((connector) => {
      const { facts } = connector;
      const text = `${facts.name}\n${facts.uid}\n${facts.service}`.toLowerCase();
      return (
        (projectId === undefined || linkOf(connector, projectId) !== undefined) &&
        text.includes(search.toLowerCase()) &&
        (type === undefined || type.split(',').includes(facts.type)) &&
        (service === undefined || service.split(',').includes(facts.service))
      );
    });
    const connectors = found.map(describeConnector);
    // Names ascend; the latest of the two dates comes first.
    if (sort === 'name') connectors.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
    else if (sort !== undefined) connectors.sort((a, b) => b[sort] - a[sort]);
    const { items, next } = page(connectors, limit, cursor);
    return { body: { connectors: items, pagination: { next } } };
  },
  /** GET /v1/connect/connectors/{connector}. A project must be linked; an access token need not be. */
  getConnector(call) {
    const connector = connectorOf(call);
    if (call.caller.kind === 'oidc') requireLink(connector, call.caller);
    const { data } = connector;
    return {
      body: { ...describeConnector(connector), ...(data === undefined ? {} : { data: { ...data } }) },
    };
  },
  /** DELETE /v1/connect/connectors/{connector}. */
  deleteConnector(call) {
    call.state.remove(connectorOf(call));
    return { status: 204 };
  },
} satisfies EmulatedOperations;

interface Page<T> {
  readonly items: T[];
  /** `null` on the last page. */
  readonly next: string | null;
}

/**
 * Returns one page of a list.
 *
 * @throws {HttpError} 400 for a cursor that no page returned.
 */
export function page<T>(list: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  const read = cursor === undefined ? { offset: 0 } : parseBase64Json(cursor);
  const offset = isRecord(read) ? read.offset : undefined;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0)
    throw new HttpError(400, '/query/cursor is not a cursor of this API: pass `pagination.next` as it is.');
  const end = offset + limit;
  return {
    items: list.slice(offset, end),
    next: end < list.length ? btoa(JSON.stringify({ offset: end })) : null,
  };
}
