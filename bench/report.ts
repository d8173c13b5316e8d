import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Spread } from './measure.js';

/** A figure that was aimed at. */
export interface Target {
  readonly what: string;
  readonly figure: string;
  readonly aim: string;
  readonly met: boolean;
}

/** One table of the report. */
export interface Section {
  readonly title: string;
  /** What was measured and how, in a sentence or two. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly targets: readonly Target[];
}

const COMPARED = [
  '@vercel/connect',
  '@vercel/sdk',
  'openapi-fetch',
  '@vercel/oidc',
  'lru-cache',
  'esbuild',
  '@msw/source',
];

/** A target that a figure has to stay at or under. */
export function atMost(
  what: string,
  figure: number,
  limit: number,
  write: (value: number) => string,
): Target {
  return { what, figure: write(figure), aim: `≤ ${write(limit)}`, met: figure <= limit };
}

/** A target that a figure has to reach. */
export function atLeast(
  what: string,
  figure: number,
  limit: number,
  write: (value: number) => string,
): Target {
  return { what, figure: write(figure), aim: `≥ ${write(limit)}`, met: figure >= limit };
}

/** A factor, as `1.15×`. */
export const times = (value: number): string => `${value.toFixed(2)}×`;

/** A factor with its quartiles. */
export const timesOf = ({ median, low, high }: Spread): string =>
  `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

/** The machine, the runtime and the packages: what the figures hold for, and nothing that names a person or a host. */
export function describeSetting(): string[] {
  const load = loadavg()[0] ?? 0;
  return [
    `Machine: ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores, ${process.platform} ${process.arch}`,
    `Node ${process.version}; load average at the start ${load.toFixed(1)}`,
    `vercel-rest ${versionIn(new URL('../package.json', import.meta.url))} beside ${COMPARED.map(nameAndVersion).join(', ')}`,
  ];
}

/** The report as Markdown. */
export function writeMarkdown(
  title: string,
  setting: readonly string[],
  sections: readonly Section[],
): string {
  const parts = [`# ${title}`, setting.map((line) => `- ${line}`).join('\n')];
  const targets = sections.flatMap((section) => section.targets);
  const met = targets.filter((target) => target.met).length;
  parts.push('## Targets', `${met} of ${targets.length} met.`, targetTable(targets));
  for (const { title: name, note, head, rows } of sections) parts.push(`## ${name}`, note, table(head, rows));
  return `${parts.join('\n\n')}\n`;
}

function targetTable(targets: readonly Target[]): string {
  return table(
    ['what', 'figure', 'target', 'result'],
    targets.map(({ what, figure, aim, met }) => [what, figure, aim, met ? 'met' : '**not met**']),
  );
}

/** A Markdown table whose columns stand under each other in plain text, too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}

function nameAndVersion(name: string): string {
  return `${name} ${versionIn(new URL(`../node_modules/${name}/package.json`, import.meta.url))}`;
}

function versionIn(manifest: URL): string {
  return String(Reflect.get(Object(JSON.parse(readFileSync(manifest, 'utf8'))), 'version'));
}
