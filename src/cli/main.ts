#!/usr/bin/env node
import { createRequire } from 'node:module';
import { run } from './run.js';
import { createOpener } from './terminal/browser.js';

const { version } = createRequire(import.meta.url)('../../package.json');
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

process.exitCode = await run(process.argv.slice(2), version, {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: process.env,
  signal: controller.signal,
  stderrIsTerminal: process.stderr.isTTY === true,
  stdoutIsTerminal: process.stdout.isTTY === true,
  openUrl: createOpener(process.platform),
  readStdin: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  },
  ...(process.stdin.isTTY === true ? { confirm: ask } : {}),
  // https://no-color.org: set to anything, it turns colours off.
  colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
});

/** Asks on the terminal; anything but yes is no. */
async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `, { signal: controller.signal }).catch(() => '');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
