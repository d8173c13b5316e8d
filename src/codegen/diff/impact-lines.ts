import { type ImpactReport, showPlace } from './impact-report.js';
import { abbreviate } from './text-parts.js';
import type { Change } from './types.js';

/** A part of a report about a program: a heading, what it means, and one line for each thing found. */
export interface ImpactSection {
  readonly title: string;
  readonly meaning: string;
  readonly lines: readonly ImpactLine[];
}

/** One thing found. */
export interface ImpactLine {
  /** `src/list.ts:12`; empty for what is about the whole program. */
  readonly place: string;
  readonly text: string;
}

/** What a report says of a program, without the parts that would be empty. */
export function impactSections(impact: ImpactReport, changes: readonly Change[]): ImpactSection[] {
  const { broken, unfollowed, unknown, unclear, operations } = impact;
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
        place: showPlace(line),
        text: `${line.message} (TS${line.code})${blamed(line.changes.flatMap((index) => changes[index] ?? []))}`,
      })),
    },
    {
      title: 'Calls of operations that neither document has',
      meaning: 'misspelt, or gone before',
      lines: unknown.map((use) => ({ place: showPlace(use), text: use.wanted })),
    },
    {
      title: 'Perhaps uses',
      meaning: 'a text looks like the path of an operation, and no type tells what it is for',
      lines: operations
        .filter(({ perhaps }) => perhaps === true)
        .flatMap(({ operationId, places }) =>
          places.map((place) => ({ place: showPlace(place), text: operationId })),
        ),
    },
    {
      title: 'Uses that could not be followed',
      meaning: 'look at them yourself',
      lines: unfollowed.map((use) => ({ place: showPlace(use), text: use.why })),
    },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** How much of the API a program uses, in a sentence. */
export function impactSummary({ operations, compiled }: ImpactReport): string {
  const files = new Set(operations.flatMap(({ places }) => places.map(({ file }) => file)));
  const count = `The program uses ${counted(operations.length, 'operation')} in ${counted(files.size, 'file')}; only changes to these are listed.`;
  return compiled ? count : `${count} It could not be compiled against both documents.`;
}

function blamed(changes: readonly Change[]): string {
  if (changes.length === 0) return '';
  const what = changes.map(({ field, operations }) => `${operations[0]?.operationId}: ${field}`);
  return `; ${abbreviate([...new Set(what)], 2)}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
