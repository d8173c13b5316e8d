import type { components } from '../../generated/connect.js';
import type { ConnectOptions, ConnectTokenSubject } from '../types.js';

type Schemas = components['schemas'];

/** One token to bring into Connect. */
export type ConnectImportToken = Omit<Schemas['ConnectTokenImportItem'], 'subject'> & {
  subject: ConnectTokenSubject;
};

/**
 * Tells where an item ended.
 *
 * - `imported`: Connect has it.
 * - `rejected`: Connect refused this item, or its batch for what is in it (400, 409, 422).
 * - `invalid`: refused here, and never sent; `error` names the field.
 * - `unsent`: Connect does not have it, for a reason that has nothing to do with it: the whole request was refused (401, 403,
 *   404, 413, 429), it never left, or an earlier batch failed.
 * - `unknown`: it was sent, and no response states whether Connect has it: a 5xx, a broken connection, a timeout, an abort, or a
 *   response that does not name it. Sending it again may store it twice.
 */
export type ImportOutcome = 'imported' | 'rejected' | 'invalid' | 'unsent' | 'unknown';

/** Result of one item, with the fields of the API's response. */
export type ConnectImportItemResult = Partial<Schemas['ConnectTokenImportItemResult']> & {
  /** Place in the list that was given. */
  index: number;
  succeeded: boolean;
  outcome: ImportOutcome;
  /** Why it is not in, where that is known. */
  error?: Error | undefined;
};

/** Result of an import: one result per item, in the order of the items. */
export interface ConnectImportResult {
  /** Items that the API took in to look at. */
  readonly accepted: number;
  /** Items that it has. */
  readonly imported: number;
  /** By place in the list that was given. */
  readonly tokens: ConnectImportItemResult[];
  /**
   * The items that Connect may not have, in order. Pass them to `importTokens` again after fixing them. Not enumerable,
   * because they hold secrets.
   */
  readonly failed: ConnectImportToken[];
}

/** Options of an import. */
export interface ConnectImportOptions extends ConnectOptions {
  /** Items a request; a request also ends before it has a million characters. Default 500. */
  batchSize?: number | undefined;
}
