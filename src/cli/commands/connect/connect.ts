import type { Command } from 'commander';
import type { CliContext } from '../../io.js';
import { addToken } from '../token.js';
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

/** Adds `vercel-rest connect`: connectors, links, consent, tokens and triggers. */
export function addConnect(program: Command, io: CliContext, onExit: (code: number) => void): void {
  const connect = program
    .command('connect')
    .description('manage connectors, links, consent, tokens and triggers');
  addReading(connect, io);
  addService(connect, io);
  addProjects(connect, io);
  addCreation(connect, io);
  addUpdate(connect, io);
  addAttach(connect, io);
  addLinks(connect, io);
  addToken(connect, io);
  addAuthorize(connect, io);
  addImport(connect, io, onExit);
  addRemoval(connect, io, onExit);
  addDashboard(connect, io);
  connect.addHelpText(
    'after',
    `
The credential is VERCEL_TOKEN, else the project OIDC token; most of these want an access token.
To try without an account: \`vercel-rest mock\`, then --base-url with the URL that it prints.
A no to a question ends with exit code 0.`,
  );
}
