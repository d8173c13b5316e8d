import type { Command } from 'commander';
import { addApiFlags } from '../api-flags.js';
import type { CliContext } from '../io.js';
import { addApi } from './api.js';
import { addCompletion } from './completion.js';
import { addConnect } from './connect/connect.js';
import { addTokenParams } from './connect/shared.js';
import { addDiff } from './diff.js';
import { addGenerate } from './generate-command.js';
import { addMock } from './mock.js';
import { addDeploy } from './platform/deploy.js';
import { addEnv } from './platform/env-sync.js';
import { addLogs } from './platform/logs.js';
import { addWait } from './platform/wait-command.js';
import { addPull } from './pull-command.js';
import { printToken, type TokenFlags } from './token.js';

/** The outcome of a command line beside its output. */
export interface Outcome {
  /** The connector that the command is about, for the advice after an error. */
  connector: string | undefined;
  /** The flags of the command, as parsed. */
  flags: Readonly<Record<string, unknown>>;
  /** The exit code. */
  code: number;
}

/** Adds every command. */
export function addCommands(program: Command, version: string, io: CliContext, outcome: Outcome): void {
  const onConnector = (name: string) => {
    outcome.connector = name;
  };
  const onExit = (found: number) => {
    outcome.code = found;
  };
  program.commandsGroup('Calling the API:');
  addConnect(program, io, onConnector, onExit, (parent) => addToken(parent, io, onConnector));
  addToken(program, io, onConnector);
  addApi(program, io);
  program.commandsGroup('Projects and deployments:');
  addDeploy(program, io);
  addWait(program, io);
  addLogs(program, io);
  addEnv(program, io, onExit);
  for (const command of program.commands.flatMap(leavesOf)) addApiFlags(command);
  program.commandsGroup('Documents and mocks:');
  addMock(program, io);
  addPull(program, version, io, onExit);
  addDiff(program, io, onExit);
  addGenerate(program, io, onExit);
  program.commandsGroup('Shell:');
  addCompletion(program, io);
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function addToken(program: Command, io: CliContext, onConnector: (name: string) => void): void {
  const command = program
    .command('token')
    .description('print a short-lived provider token')
    .argument('<connector>', 'id (scl_...) or UID, e.g. slack/acme-slack')
    .option('-s, --subject <subject>', 'app, user (you), user:<id> or jwt-bearer:<sub>', 'app');
  addTokenParams(command)
    .option('-y, --yes', 'ask for a missing consent or installation and wait, without a question')
    .option('--no-open', 'open no browser for that')
    .addHelpText(
      'after',
      '\nThe credential is VERCEL_TOKEN, else the project OIDC token (`vercel env pull`).',
    )
    .action((connector: string, flags: TokenFlags) => {
      onConnector(connector);
      return printToken(connector, flags, io);
    });
}
