import { abbreviate } from './text-parts.js';
import type { Change } from './types.js';

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
  /** The text of the program: an id, or method and path. */
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

/** The effects of changes on one program. */
export interface ImpactReport {
  readonly operations: readonly UsedOperation[];
  readonly broken: readonly BrokenLine[];
  readonly unfollowed: readonly UnfollowedUse[];
  readonly unknown: readonly UnknownOperation[];
  /** Whether the program could be compiled against both; not where it uses no generated types. */
  readonly compiled: boolean;
  /** The reasons why nobody can say whether the program is hit; empty where that is clear. */
  readonly unclear: readonly string[];
}

/** A part of a report about a program: a heading, what it means, and one line for each thing found. */
export interface ImpactSection {
  readonly title: string;
  readonly meaning: string;
  readonly lines: readonly ImpactLine[];
}

/** One thing found. */
interface ImpactLine {
  /** `src/list.ts:12`; empty for what is about the whole program. */
  readonly place: string;
  readonly text: string;
}

/** `src/list.ts:12`. */
function placeOf({ file, line }: ProgramPlace): string {
  return `${file}:${line}`;
}

/** Returns the parts of a report about a program, without the parts that would be empty. */
export function impactSections(impact: ImpactReport, changes: readonly Change[]): ImpactSection[] {
  const { broken, unfollowed, unknown, unclear, operations } = impact;
  const causes = (line: BrokenLine) => {
    const blamed = line.changes.flatMap((index) => changes[index] ?? []);
    const fields = blamed.map(({ field, operations: [first] }) => `${first?.operationId}: ${field}`);
    return fields.length === 0 ? '' : `; ${abbreviate([...new Set(fields)], 2)}`;
  };
  const sections: ImpactSection[] = [
    {
      title: 'Could not tell',
      meaning: 'whether the program is hit; look at these',
      lines: unclear.map((text) => ({ place: '', text })),
    },
    {
      title: 'Lines that stop compiling',
      meaning: 'they compile against the older types and not against the newer ones',
      lines: broken.map((line) => ({
        place: placeOf(line),
        text: `${line.message} (TS${line.code})${causes(line)}`,
      })),
    },
    {
      title: 'Calls of operations that neither document has',
      meaning: 'misspelt, or gone before',
      lines: unknown.map((use) => ({ place: placeOf(use), text: use.wanted })),
    },
    {
      title: 'Perhaps uses',
      meaning: 'a text looks like the path of an operation, and no type tells what it is for',
      lines: operations
        .filter(({ perhaps }) => perhaps === true)
        .flatMap(({ operationId, places }) =>
          places.map((place) => ({ place: placeOf(place), text: operationId })),
        ),
    },
    {
      title: 'Uses that could not be followed',
      meaning: 'look at them yourself',
      lines: unfollowed.map((use) => ({ place: placeOf(use), text: use.why })),
    },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** Says in a sentence how much of the API a program uses. */
export function impactSummary({ operations, compiled }: ImpactReport): string {
  const files = new Set(operations.flatMap(({ places }) => places.map(({ file }) => file)));
  const count = `The program uses ${counted(operations.length, 'operation')} in ${counted(files.size, 'file')}; only changes to these are listed.`;
  return compiled ? count : `${count} It could not be compiled against both documents.`;
}

/** Writes a count and its noun: "1 file", "2 files". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
