/** A place in a program, as an editor counts: lines and columns from 1. */
export interface ProgramPlace {
  /** Relative to the working directory, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** An operation that a program uses. */
export interface UsedOperation {
  /** In the newer document, in the older one where the operation is gone. */
  readonly operationId: string;
  readonly places: readonly ProgramPlace[];
  /** Only a text that looks like its path was found: no type tells what the text is for. */
  readonly perhaps?: boolean;
}

/** A call that leads to an operation of neither document. */
export interface UnknownOperation extends ProgramPlace {
  /** What the program says: an id, or method and path. */
  readonly wanted: string;
}

/** A use whose operation only running the program would tell. */
export interface UnfollowedUse extends ProgramPlace {
  readonly why: string;
}

/** A line that compiles against the older types and not against the newer ones. */
export interface BrokenLine extends ProgramPlace {
  /** TypeScript's own, e.g. 2339. */
  readonly code: number;
  readonly message: string;
  /** The changes that most likely are why, as indexes into the report's `changes`. */
  readonly changes: readonly number[];
}

/** What changes mean to one program. */
export interface ImpactReport {
  readonly operations: readonly UsedOperation[];
  readonly broken: readonly BrokenLine[];
  readonly unfollowed: readonly UnfollowedUse[];
  readonly unknown: readonly UnknownOperation[];
  /** Whether the program could be compiled against both; not where it uses no generated types. */
  readonly compiled: boolean;
  /** Why it cannot be told whether the program is hit; empty where it can. */
  readonly unclear: readonly string[];
}

/** `src/list.ts:12`. */
export function showPlace({ file, line }: ProgramPlace): string {
  return `${file}:${line}`;
}
