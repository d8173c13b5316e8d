#!/usr/bin/env node
import { createRequire } from 'node:module';
import { DEFAULT_COLUMNS, EXIT } from './io.js';
import { run } from './run.js';
import { createOpener } from './terminal/browser.js';

const { version } = createRequire(import.meta.url)('../../package.json');
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

// Without a listener, the error of a reader that has seen enough (`| head -1`) would be thrown with its stack.
let isUnread = false;
process.stderr.on('error', () => undefined);
process.stdout.on('error', ({ code = 'unknown reason' }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') isUnread = true;
  else {
    process.stderr.write(`error: cannot write the output (${code})\n`);
    process.exitCode = EXIT.failure;
  }
  controller.abort();
});

const code = await run(process.argv.slice(2), version, {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: process.env,
  signal: controller.signal,
  stderrIsTerminal: process.stderr.isTTY === true,
  stdoutIsTerminal: process.stdout.isTTY === true,
  openUrl: createOpener(process.platform, process.env),
  readStdin: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  },
  confirm:
    process.stdin.isTTY !== true
      ? undefined
      : async (question) => {
          const { createInterface } = await import('node:readline/promises');
          const { wrapText } = await import('./terminal/wrap.js');
          const terminal = createInterface({ input: process.stdin, output: process.stderr });
          const line = wrapText(`${question} [y/N] `, process.stderr.columns ?? DEFAULT_COLUMNS);
          // Anything but yes counts as a refusal.
          const answer = await terminal.question(line, { signal: controller.signal }).catch(() => '');
          terminal.close();
          return /^y(es)?$/i.test(answer.trim());
        },
  columns: process.stdout.columns,
  // https://no-color.org: set to anything, it turns colours off.
  colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
});
// A command that stops because nobody reads on did not fail; a result that was there stays.
process.exitCode ??= isUnread && code === EXIT.interrupted ? EXIT.ok : code;
