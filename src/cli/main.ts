#!/usr/bin/env node
import { createRequire } from 'node:module';
import { run } from './run.js';

const { version } = createRequire(import.meta.url)('../../package.json');
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

process.exitCode = await run(process.argv.slice(2), version, {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  env: process.env,
  signal: controller.signal,
  stderrIsTerminal: process.stderr.isTTY === true,
  // https://no-color.org: set to anything, it turns colours off.
  colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
});
