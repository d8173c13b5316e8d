import type { Command } from 'commander';
import { addApiFlags } from '../api-flags.js';
import type { CliContext } from '../io.js';
import { addApi } from './api.js';
import { addCompletion } from './completion.js';
import { addConnect } from './connect/connect.js';
import { addDiff } from './diff.js';
import { addGenerate } from './generate-command.js';
import { addMock } from './mock.js';
import { addDeploy } from './platform/deploy.js';
import { addEnv } from './platform/env-sync.js';
import { addLogs } from './platform/logs.js';
import { addWait } from './platform/wait-command.js';
import { addPull } from './pull-command.js';
import { addToken } from './token.js';

/**
 * Adds every command.
 *
 * @param onExit - Called with an exit code other than 0 that comes without an error.
 */
export function addCommands(program: Command, io: CliContext, onExit: (code: number) => void): void {
  program.commandsGroup('Calling the API:');
  addConnect(program, io, onExit);
  addToken(program, io);
  addApi(program, io);
  program.commandsGroup('Projects and deployments:');
  addDeploy(program, io);
  addWait(program, io);
  addLogs(program, io);
  addEnv(program, io, onExit);
  // Commander walks no tree: `connect` and `env` have commands below them, and flags are for those.
  const leaves = (command: Command): readonly Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  for (const command of leaves(program)) addApiFlags(command);
  program.commandsGroup('Documents and mocks:');
  addMock(program, io);
  addPull(program, io, onExit);
  addDiff(program, io, onExit);
  addGenerate(program, io, onExit);
  program.commandsGroup('Shell:');
  addCompletion(program, io);
}
