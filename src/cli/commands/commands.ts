import type { Command } from 'commander';
import { DEFAULT_SOURCE } from '../../codegen/pull/source-url.js';
import type { Io } from '../io.js';
import { addApi } from './api.js';
import { addCompletion } from './completion.js';
import { addConnect } from './connect/connect.js';
import { addTokenParams, formatOption } from './connect/shared.js';
import { addDiff } from './diff.js';
import { addGenerate } from './generate-types.js';
import { addMock } from './mock.js';
import { addDeploy } from './platform/deploy.js';
import { addEnv } from './platform/env-sync.js';
import { addLogs } from './platform/logs.js';
import { addWait } from './platform/wait.js';
import { type PullFlags, pullDocument } from './pull-document.js';
import { printToken, type TokenFlags } from './token.js';

/** What a command line comes to beside its output. */
export interface Outcome {
  /** The connector that the command is about, for the advice after an error. */
  connector: string;
  /** The exit code. */
  code: number;
}

/** Adds every command. */
export function addCommands(program: Command, version: string, io: Io, outcome: Outcome): void {
  const onConnector = (name: string) => {
    outcome.connector = name;
  };
  const onExit = (found: number) => {
    outcome.code = found;
  };
  addConnect(program, io, onConnector, onExit, (parent) => addToken(parent, io, onConnector));
  addToken(program, io, onConnector);
  addDeploy(program, io);
  addWait(program, io);
  addLogs(program, io);
  addEnv(program, io, onExit);
  addApi(program, io);
  addMock(program, io);
  addPull(program, async (flags) => onExit(await pullDocument(flags, version, io)));
  addDiff(program, io, onExit);
  addGenerate(program, io, onExit);
  addCompletion(program, io);
}

function addToken(program: Command, io: Io, onConnector: (name: string) => void): void {
  const command = program
    .command('token')
    .description('print a short-lived provider token')
    .argument('<connector>', 'id (scl_...) or UID, e.g. slack/acme-slack')
    .option('-s, --subject <subject>', 'app, user (you), user:<id> or jwt-bearer:<sub>', 'app')
    .option('--base-url <url>', 'where the API is, e.g. the URL that `vercel-rest mock` prints');
  addTokenParams(command)
    .option('-y, --yes', 'where consent or installation is missing, ask for it and wait, without a question')
    .option('--no-open', 'open no browser for that')
    .option('--json', 'print the whole answer as JSON')
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample: vercel-rest token oauth/linear --subject user:user_123 --scopes read,write\nThe credential is VERCEL_TOKEN, else the project OIDC token (`vercel env pull`).\nExit codes: 0, 1 API or network failure, 2 usage.',
    )
    .action((connector: string, flags: TokenFlags) => {
      onConnector(connector);
      return printToken(connector, flags, io);
    });
}

function addPull(program: Command, action: (flags: PullFlags) => Promise<void>): void {
  program
    .command('pull')
    .description("download Vercel's OpenAPI document, if it is new and whole")
    .option('--url <url>', 'where it is published', DEFAULT_SOURCE)
    .option('--out <file>', 'where it goes; its lock goes beside it', 'openapi/vercel.json')
    .option('--check', 'only say whether there is something new; write nothing')
    .option('--force', 'take it although its size or its number of paths is far from the last')
    .option('--json', 'print the outcome as JSON')
    .option('--quiet', 'print errors and warnings only')
    .addHelpText(
      'after',
      '\nExit codes: 0 pulled or unchanged, 1 failure (the files are as they were), 2 usage, 3 with --check: there is something new.',
    )
    .action(action);
}
