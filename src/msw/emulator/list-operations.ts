import { isRecord } from '../../util/is-record.js';
import { parseJson } from '../validate/check-request.js';
import { decodeBase64 } from './base64.js';
import { type Connector, describeConnector, linkOf } from './connector-state.js';
import { connectorOf, type EmulatedOperation } from './emulated-call.js';
import { HttpError } from './http-error.js';
import { requireLink } from './identify.js';
import type { EmulatedConnectorFacts } from './types.js';

const DEFAULT_LIMIT = 20;

/** GET /v2/connect/connectors. */
export const listConnectors: EmulatedOperation<'listConnectors'> = ({ state, query }) => {
  const found = [...state.connectors.values()].filter((connector) => matches(connector, query));
  const facts = sort(found.map(describeConnector), query.sort);
  const { items, next } = page(facts, query.limit ?? DEFAULT_LIMIT, query.cursor);
  return { body: { connectors: items, pagination: { next } } };
};

/** GET /v1/connect/connectors/{connector}; a project has to be linked, a person's token need not be. */
export const getConnector: EmulatedOperation<'getConnector'> = (call) => {
  const connector = connectorOf(call);
  if (call.caller.kind === 'oidc') requireLink(connector, call.caller);
  const { data } = connector;
  return { body: { ...describeConnector(connector), ...(data === undefined ? {} : { data: { ...data } }) } };
};

/** DELETE /v1/connect/connectors/{connector}. */
export const deleteConnector: EmulatedOperation<'deleteConnector'> = (call) => {
  call.state.remove(connectorOf(call));
  return { status: 204 };
};

interface Filter {
  readonly projectId?: string;
  readonly search?: string;
  readonly type?: string;
  readonly service?: string;
}

function matches(connector: Connector, { projectId, search, type, service }: Filter): boolean {
  const { facts } = connector;
  const text = `${facts.name}\n${facts.uid}\n${facts.service}`.toLowerCase();
  return (
    (projectId === undefined || linkOf(connector, projectId) !== undefined) &&
    (search === undefined || text.includes(search.toLowerCase())) &&
    (type === undefined || type.split(',').includes(facts.type)) &&
    (service === undefined || service.split(',').includes(facts.service))
  );
}

function sort(
  list: readonly EmulatedConnectorFacts[],
  by: 'name' | 'createdAt' | 'updatedAt' | undefined,
): readonly EmulatedConnectorFacts[] {
  if (by === undefined) return list;
  // Names ascend; of the two dates the latest comes first.
  if (by === 'name') return [...list].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return [...list].sort((a, b) => b[by] - a[by]);
}

/** One page of a list, and the cursor of the next. */
export interface Page<T> {
  readonly items: T[];
  /** `null` on the last page. */
  readonly next: string | null;
}

/**
 * Cuts a page out of a list.
 *
 * @throws {HttpError} 400 for a cursor that no page gave.
 */
export function page<T>(list: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  const offset = cursor === undefined ? 0 : readCursor(cursor);
  const end = offset + limit;
  return {
    items: list.slice(offset, end),
    next: end < list.length ? btoa(JSON.stringify({ offset: end })) : null,
  };
}

function readCursor(cursor: string): number {
  const parsed = parseJson(decodeBase64(cursor))?.value;
  const offset = isRecord(parsed) ? parsed.offset : undefined;
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new HttpError(
    400,
    '/query/cursor is not a cursor that this API gave: pass `pagination.next` on as it is.',
  );
}
