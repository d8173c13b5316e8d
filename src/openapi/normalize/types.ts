import type { JsonObject } from '../document.js';

/** Kinds of flaws that are repaired. */
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
  | 'impossible-discriminator'
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
  /** JSON pointer to something in the document as it was given. */
  readonly pointer: string;
  /** The flaw and its repair, in words. */
  readonly detail: string;
}

/** A normalised document and its repairs. */
export interface Normalized<T> {
  readonly document: T;
  /** In document order. */
  readonly repairs: readonly Repair[];
}

/** Notes one repair at the object at hand, or at the given steps below it. */
export type Note = (kind: RepairKind, detail: string, ...below: readonly string[]) => void;

/** Repairs one schema whose own schemas are repaired already. Returns the same object where nothing is wrong. */
export type SchemaRepair = (schema: JsonObject, note: Note) => JsonObject;
