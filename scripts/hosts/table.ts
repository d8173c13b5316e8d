// The table that a run prints, and docs/supported-hosts.md, which is written from it.

/** One row of the table. */
export interface Row {
  readonly host: string;
  readonly version: string;
  readonly ran: readonly string[];
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Why the host failed or was skipped. */
  readonly reason?: string;
  readonly seconds: number;
}

/** The table for a terminal. */
export function toText(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ host }) => host.length), 4);
  const lines = rows.map((row) => {
    const detail = row.result === 'passed' ? row.ran.join(', ') : row.reason;
    return `${row.result.padEnd(7)} ${row.host.padEnd(width)} ${row.version} (${row.seconds.toFixed(0)} s): ${detail}`;
  });
  const count = (result: Row['result']) => rows.filter((row) => row.result === result).length;
  const total = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
  return [...lines, total].join('\n');
}

/** The page docs/supported-hosts.md. */
export function toPage(rows: readonly Row[]): string {
  const lines = rows.map(({ host, version, ran, result, reason }) => {
    const outcome = reason === undefined ? result : `${result}: ${reason}`;
    return `| ${[host, version, ran.join(', '), outcome].map(cell).join(' | ')} |`;
  });
  return `${HEAD}\n${lines.join('\n')}\n`;
}

const HEAD = `# Supported hosts

\`npm run test:hosts\` builds and runs a small program with each tool, framework, runtime and package manager below. Each
program installs the packed package, and talks to a server on this machine that records its requests. The command writes
this page; the programs are in [test/hosts](../test/hosts).

- **GET**: a typed GET through \`createClient\` and the built-in types.
- **generated GET**: a GET by operation id through the folder that \`vercel-rest generate\` writes, from a small document
  (fixture), and from the published document of the whole API (whole API) where one is at hand.
- **token**: a token through \`vercel-rest/connect\`.
- **mock test**: a test against the mock of \`vercel-rest/msw\`.

| Host | Version | What ran | Result |
| --- | --- | --- | --- |`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
