import type { JsonObject } from '../document.js';

/** What was wrong with a document where it was repaired. */
export type RepairKind =
  | 'openapi-version'
  | 'artifact-name'
  | 'nullable-without-type'
  | 'nullable-enum-without-null'
  | 'enum-without-type'
  | 'duplicate-enum-value'
  | 'equal-branches'
  | 'single-branch'
  | 'empty-union'
  | 'union-beside-keywords'
  | 'required-only-branch'
  | 'pattern-escaped-twice'
  | 'invalid-pattern'
  | 'comment-end'
  | 'path-parameter-undeclared'
  | 'path-parameter-optional'
  | 'empty-response'
  | 'same-path-template'
  | 'operation-id-missing'
  | 'operation-id-duplicate';

/** One repair that was made. */
export interface Repair {
  readonly kind: RepairKind;
  /** Where, as a JSON pointer that leads to something in the document as it was given. */
  readonly pointer: string;
  /** What was found and what was made of it. */
  readonly detail: string;
}

/** A document that was looked through, and what was repaired in it. */
export interface Normalized<T> {
  readonly document: T;
  /** In document order. */
  readonly repairs: readonly Repair[];
}

/** Notes one repair at the object at hand, or at the given steps below it. */
export type Note = (kind: RepairKind, detail: string, ...below: readonly string[]) => void;

/** Repairs one schema, whose own schemas are repaired already; gives back the very same object where nothing is wrong. */
export type SchemaRepair = (schema: JsonObject, note: Note) => JsonObject;
