import type { Command } from 'commander';
import type { CliContext } from '../../io.js';
import { addAttach } from './attach.js';
import { addAuthorize } from './authorize.js';
import { addCreation } from './create.js';
import { addDashboard } from './dashboard.js';
import { addLinks } from './detach.js';
import { addImport } from './import-file.js';
import { addProjects } from './list-projects.js';
import { addReading } from './read.js';
import { addRemoval } from './remove.js';
import { addService } from './service.js';
import { addUpdate } from './update.js';

/**
 * Adds `vercel-rest connect`: connectors, links, consent, tokens and triggers.
 *
 * @param onConnector - Called with the connector that a command is about, for the advice after an error.
 * @param onExit - Called with an exit code other than 0 that comes without an error.
 * @param addToken - Adds `token`, which exists without `connect` too.
 */
export function addConnect(
  program: Command,
  io: CliContext,
  onConnector: (name: string) => void,
  onExit: (code: number) => void,
  addToken: (parent: Command) => void,
): void {
  const connect = program
    .command('connect')
    .description('manage connectors, links, consent, tokens and triggers');
  addReading(connect, io, onConnector);
  addService(connect, io);
  addProjects(connect, io, onConnector);
  addCreation(connect, io, onConnector);
  addUpdate(connect, io, onConnector);
  addAttach(connect, io, onConnector);
  addLinks(connect, io, onConnector);
  addToken(connect);
  addAuthorize(connect, io, onConnector);
  addImport(connect, io, onConnector, onExit);
  addRemoval(connect, io, onConnector, onExit);
  addDashboard(connect, io, onConnector);
  connect.addHelpText(
    'after',
    `
The credential is VERCEL_TOKEN, else the project OIDC token; most of these want an access token.
To try without an account: \`vercel-rest mock\`, then --base-url with the URL that it prints.
A no to a question ends with exit code 0.`,
  );
}
