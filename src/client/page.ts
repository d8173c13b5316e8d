import { type CallFacts, MalformedResponseError } from '../errors/index.js';
import { responseFacts } from '../http/request-id.js';
import type { PageShape } from '../openapi/operation-info.js';
import { isRecord } from '../util/is-record.js';

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The whole body, with its other fields. */
  readonly data: unknown;
  readonly response: Response;
  /** Whether the API says that there is more. */
  hasNextPage(): boolean;
  /**
   * The page after this one; callers at the same time share one request.
   *
   * @returns `undefined` after the last page.
   * @throws {MalformedResponseError} When this page leads back to one that was read.
   */
  getNextPage(): Promise<Page<Item> | undefined>;
}

/**
 * A list that comes in pages: `for await` goes through its items, `await` returns the first page.
 *
 * No request is sent before one of the two. Leaving a loop stops the requests.
 */
export interface Listing<Item> extends AsyncIterable<Item>, PromiseLike<Page<Item>> {
  /** The pages, one request each. */
  pages(): AsyncIterable<Page<Item>>;
}

/** Position of a page in its list: the `pagination.next` of the page before. */
type Cursor = string | number;

/** Asks for a page: the first one without a cursor. */
type FetchPage = (
  cursor: Cursor | undefined,
) => Promise<{ readonly data: unknown; readonly response: Response }>;

/** Makes a listing of a function that requests one page. */
export function createListing<Item>(fetchPage: FetchPage, shape: PageShape, facts: CallFacts): Listing<Item> {
  let first: Promise<Page<Item>> | undefined;
  const firstPage = () => {
    first ??= readPage<Item>({ fetchPage, shape, facts }, undefined).catch((error: unknown) => {
      first = undefined;
      throw error;
    });
    return first;
  };
  return {
    // biome-ignore lint/suspicious/noThenProperty: a list is awaited for its first page, like a promise of one.
    then: (onPage, onError) => firstPage().then(onPage, onError),
    pages: () => walkPages(firstPage),
    async *[Symbol.asyncIterator]() {
      for await (const page of walkPages(firstPage)) yield* page.items;
    },
  };
}

async function* walkPages<Item>(firstPage: () => Promise<Page<Item>>): AsyncGenerator<Page<Item>> {
  for (let page: Page<Item> | undefined = await firstPage(); page; page = await page.getNextPage())
    yield page;
}

/** The cursors that led to a page, the last one first. */
interface Trail {
  readonly cursor: Cursor;
  readonly before: Trail | undefined;
}

interface Source {
  readonly fetchPage: FetchPage;
  readonly shape: PageShape;
  readonly facts: CallFacts;
}

async function readPage<Item>(source: Source, trail: Trail | undefined): Promise<Page<Item>> {
  const { shape, facts } = source;
  const { data, response } = await source.fetchPage(trail?.cursor);
  const malformed = (reason: string) => new MalformedResponseError(reason, responseFacts(response, facts));
  const items: unknown = isRecord(data) ? data[shape.items] : undefined;
  if (!Array.isArray(items)) throw malformed(`it has no list "${shape.items}"`);
  // `null`, an empty text and no pagination at all each mean the last page.
  const pagination = isRecord(data) ? data.pagination : undefined;
  const cursor = isRecord(pagination) ? pagination.next : undefined;
  const next =
    typeof cursor === 'number' || (typeof cursor === 'string' && cursor !== '') ? cursor : undefined;
  let following: Promise<Page<Item>> | undefined;
  return {
    items,
    data,
    response,
    hasNextPage: () => next !== undefined,
    async getNextPage() {
      if (next === undefined) return undefined;
      for (let step = trail; step; step = step.before)
        if (step.cursor === next)
          throw malformed('its pagination.next leads back to a page that was read already');
      // Shared while it is under way and not kept: a page must not hold all that come after it in memory.
      following ??= readPage<Item>(source, { cursor: next, before: trail }).finally(() => {
        following = undefined;
      });
      return following;
    },
  };
}
