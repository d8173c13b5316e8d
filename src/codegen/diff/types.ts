/** The classes of changes by their effect on a caller of the API, most severe first. */
export const CLASSES = ['wire', 'type', 'sunset', 'error-body', 'added', 'docs'] as const;

/**
 * `wire`: a call that was valid, or a value that was promised, goes away. `type`: only compilation or exhaustiveness is hit.
 * `sunset`: an operation is deprecated, or has a date on which it ends. `error-body`: something in an answer other than 2xx.
 * `added`: something is new and nothing breaks. `docs`: only prose.
 */
export type ChangeClass = (typeof CLASSES)[number];

/** Which way a schema travels: what a caller sends may be narrowed, what it receives may be widened, and either breaks it. */
export type Direction = 'request' | 'response';

/** An operation that a change touches. */
export interface ChangedOperation {
  /** The id in the newer document, in the older one where the operation is gone. */
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** JSON pointer inside the operation, references followed, to the changed node; where it stood when it was removed. */
  readonly at: string;
}

/** One cause, with every operation that it touches. */
export interface Change {
  readonly class: ChangeClass;
  readonly kind: string;
  /** The place in the first operation. */
  readonly at: string;
  /** The place as a person calls it, e.g. "`projects[].name` of the 200 response". */
  readonly field: string;
  /** Each operation once, in the order of the documents. */
  readonly operations: readonly ChangedOperation[];
  readonly before: string | null;
  readonly after: string | null;
  /** Operation, call, field, what changed, and what to do about it. */
  readonly advice: string;
}

/** Any parsed document; flaws are expected. */
export type Json = Readonly<Record<string, unknown>>;

/** The keys that lead from one node to another. */
export type Segments = readonly string[];

/** One node that a value has to satisfy, and where it is, seen from the schema that it belongs to. */
export interface Part {
  readonly node: Json;
  readonly at: Segments;
}

/** A schema: all of its parts together. It has more than one where `allOf` or two properties of one name join. */
export type Schema = readonly Part[];

/** A value of a schema keyword and where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly at: Segments;
}

/** A property as its object has it; `at` of its schema's first part is its place. */
export interface Property {
  readonly name: string;
  readonly schema: Schema;
  /** The only direction that it travels in; `undefined` for one that travels in both. */
  readonly only?: Direction | undefined;
}

/** The restriction by one keyword: a value, or several that all hold. */
export interface Constraint {
  readonly values: readonly unknown[];
  /** Equal exactly when what is said is, references followed. */
  readonly texts: readonly string[];
}

/** A schema with every spelling of the same thing reduced to one. */
export interface Shape {
  readonly type: string | undefined;
  readonly nullable: boolean;
  /** Canonical text of a value to the value; without null. */
  readonly enum: Placed<ReadonlyMap<string, unknown>> | undefined;
  readonly properties: ReadonlyMap<string, Property>;
  readonly required: ReadonlySet<string>;
  /** The schema of other properties; `false` when there may be none. */
  readonly additional: Schema | false | undefined;
  readonly items: Schema | undefined;
  /** The schemas of the first items, one by one. */
  readonly prefix: readonly Schema[];
  /** The schemas of properties whose names fit a pattern. */
  readonly patterns: ReadonlyMap<string, Schema>;
  /** Alternatives; none, or two and more. */
  readonly union: readonly Schema[];
  /** The schemas that only a discriminator leads to, by the values that name them. */
  readonly heirs: ReadonlyMap<string, Schema>;
  readonly constraints: ReadonlyMap<string, Constraint>;
  readonly docs: ReadonlyMap<string, Placed<unknown>>;
}

/** Numbers that are equal for equal schemas, over both documents. */
export interface Ids {
  /** Structure, without prose and without null. */
  readonly core: number;
  /** All of it. */
  readonly full: number;
  readonly nullable: boolean;
}

/** One document, as the comparer sees it. */
export interface View {
  readonly document: Json;
  /** Follows `$ref`s. One that leads nowhere, or to itself, leads to an empty object. */
  resolve(node: unknown): Json;
  /** Returns what is made of a node, the same object each time. */
  derive(node: Json, name: string, make: () => Json): Json;
  /** Returns references to the components that extend a component with `allOf`. */
  extending(node: Json): readonly string[];
  shape(schema: Schema): Shape;
  ids(schema: Schema): Ids;
}

/** A change inside of an operation, a parameter, a body or a schema. */
export interface Finding {
  readonly kind: string;
  /** Seen from the compared node. */
  readonly at: Segments;
  /** The document in which `at` leads to the node. Default: the newer one. */
  readonly side?: 'before';
  readonly before: string | null;
  readonly after: string | null;
  /** Equal for the same cause elsewhere. */
  readonly cause: string;
  /** The part that the cause still lacks: the name of the changed property, or that and the object that has it. */
  readonly lacks?: 'name' | 'owner';
  /** The words for the parameter in which it happened, e.g. "the query parameter `limit`". */
  readonly parameter?: string;
  /** Whether it happened in a response other than 2xx. */
  readonly isError?: boolean;
}

/** Compares schemas of the two documents in one direction. */
export interface SchemaComparer {
  readonly before: View;
  readonly after: View;
  readonly direction: Direction;
  compare(before: Schema, after: Schema): readonly Finding[];
  /** The same for two alternatives of unions, whose null is the union's; and without their own prose. */
  compareBranches(before: Schema, after: Schema, withoutProse: boolean): readonly Finding[];
}

/** The comparers of what a caller sends and of what it receives. */
export type Comparers = Readonly<Record<Direction, SchemaComparer>>;

/** Two schemas that are being compared, and what they say. */
export interface Pair {
  readonly before: Shape;
  readonly after: Shape;
  /** The places of the two, for changes of the schemas themselves. */
  readonly atBefore: Segments;
  readonly atAfter: Segments;
  readonly schemas: readonly [before: Schema, after: Schema];
}
