import { checkOptionNames } from '../../client/option-names.js';
import { createListing, type Listing } from '../../client/page.js';
import type { Result } from '../../client/types.js';
import { checkArgument, InvalidArgumentError } from '../../errors/index.js';
import { operations as table } from '../../generated/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import type { PageShape } from '../../openapi/operation-info.js';
import { copyFields } from '../../util/copy-fields.js';
import { defined } from '../../util/defined.js';
import { isRecord } from '../../util/is-record.js';
import { type CallOptions, readOptions } from '../request-context.js';
import { callOperation, factsOf, type OperationId, type Sent } from '../rest-client.js';
import type { State } from '../state.js';
import { requireObject } from '../tokens/token-response.js';
import type { ManageOptions } from './types.js';

/** Time for a whole management call, in milliseconds, where the client has no `totalTimeout`. */
const MANAGEMENT_MS = 60_000;

/**
 * Calls a management operation as the caller of one call.
 *
 * @throws {ConnectError} For every response outside 2xx.
 */
export async function manage(
  { contexts }: State,
  operationId: OperationId,
  sent: Sent,
  { own, team }: ManageCaller,
): Promise<Result<unknown>> {
  const query = defined({ ...sent.query, ...team });
  const bounds = { facts: factsOf(operationId), totalMs: MANAGEMENT_MS };
  return contexts.resolve(
    own,
    (context) => callOperation(context, operationId, { ...sent, query }, own.signal),
    bounds,
  );
}

/** The caller of a management call, read by {@link readManageOptions}. */
export interface ManageCaller {
  readonly own: CallOptions;
  /** Added to the query. */
  readonly team: { readonly teamId: unknown; readonly slug: unknown };
}

const MANAGE_OPTIONS = ['vercelToken', 'region', 'signal', 'teamId', 'slug'];

/**
 * Checks and copies the options of a management call. An option that does not exist is refused: ignored, it would leave the call
 * to another caller, or end more than was meant.
 *
 * @param further - Names of the options that the call takes besides {@link ManageOptions}.
 * @throws {InvalidArgumentError}
 */
export function readManageOptions<
  Options extends ManageOptions,
  Further extends keyof Options & string = never,
>(
  options: Options | undefined,
  further: readonly Further[] = [],
): Pick<Options, Further> & { readonly caller: ManageCaller } {
  checkArgument(options === undefined || isRecord(options), 'options', 'must be an object', options);
  const names = [...MANAGE_OPTIONS, ...further];
  const copy = copyFields(options ?? {}, names);
  checkOptionNames(copy, new Set(names), { prefix: 'options.' });
  const { vercelToken, region, signal, teamId, slug, ...rest } = copy;
  if (teamId !== undefined && slug !== undefined)
    throw new InvalidArgumentError(
      'options.teamId',
      'give teamId or slug, not both: they name the same team',
    );
  const caller = { own: readOptions({ vercelToken, region, signal }), team: { teamId, slug } };
  return { ...(rest as Pick<Options, Further>), caller }; // Its own fields, copied.
}

/** Copies the parameters of a list. The API refuses those that it does not know. @throws {InvalidArgumentError} */
export function readListParams<Params extends object>(
  params: Params | undefined,
  names: readonly (keyof Params & string)[],
): Params & Record<string, unknown> {
  checkArgument(params === undefined || isRecord(params), 'params', 'must be an object', params);
  return copyFields(params ?? {}, names) as Params & Record<string, unknown>; // Its own fields, copied.
}

/** Calls {@link manage} for an operation that returns an object. @throws {MalformedResponseError} For any other body. */
export async function manageObject<Answer>(
  state: State,
  operationId: OperationId,
  sent: Sent,
  caller: ManageCaller,
): Promise<Answer> {
  const { data, response } = await manage(state, operationId, sent, caller);
  requireObject(data, response, factsOf(operationId));
  // The document gives this operation this response; additional fields pass through.
  return data as Answer;
}

/** A list of a management operation, read page by page. */
export function manageList<Item>(
  state: State,
  operationId: OperationId,
  sent: Sent,
  caller: ManageCaller,
): Listing<Item> {
  const page: PageShape | undefined = table.operations[operationId]?.page;
  if (page === undefined) throw new InvalidArgumentError('operationId', 'must be a list that comes in pages');
  const query = defined(sent.query ?? {});
  return createListing<Item>(
    (cursor) =>
      manage(
        state,
        operationId,
        { ...sent, query: cursor === undefined ? query : { ...query, [page.parameter]: cursor } },
        caller,
      ),
    page,
    factsOf(operationId),
  );
}

/** Copies a body as JSON carries it. @throws {InvalidArgumentError} Unless it is an object. */
export function bodyOf(params: unknown): Record<string, unknown> {
  checkArgument(isRecord(params), 'params', 'must be an object', params);
  return toPlainJson('params', params) as Record<string, unknown>; // An object went in.
}
