import type { Command } from 'commander';
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
import { addWait } from './platform/wait-command.js';

import { addPull } from './pull-document.js';
import { printToken, type TokenFlags } from './token.js';

/** What a command line comes to beside its output. */
export interface Outcome {
  /** The connector that the command is about, for the advice after an error. */
  connector: string | undefined;
  /** The flags of the command, as parsed. */
  flags: Readonly<Record<string, unknown>>;
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
  addPull(program, version, io, onExit);
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
