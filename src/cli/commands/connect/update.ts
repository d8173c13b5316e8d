import type { Command } from 'commander';
import { defined } from '../../../util/defined.js';
import { type CliContext, UsageError } from '../../io.js';
import { print } from '../../terminal/print.js';
import { uploadIcon } from './icon.js';
import { addLook, type LookFlags, readLook } from './look.js';
import { printConnector } from './read.js';
import { openSession } from './shared.js';

/** Adds `update`. */
export function addUpdate(connect: Command, io: CliContext): void {
  addLook(connect.command('update').description('change a connector; what is not named stays'))
    .argument('<connector>', 'id (scl_...) or UID')
    .action(async (connector: string, flags: LookFlags) => {
      const session = await openSession(flags, io);
      const { client, options } = session;
      const { icon, ...look } = await readLook(flags, io);
      const params = defined({ ...look, icon: icon?.digest });
      if (Object.keys(params).length === 0)
        throw new UsageError('name something to change, e.g. --name; see --help');
      if (icon?.bytes !== undefined) {
        // Before the upload: of a connector that does not exist nothing is stored.
        await client.connectors.get(connector, options);
        await uploadIcon(icon, flags, io);
      }
      const result = await client.connectors.update(connector, params, options);
      if (flags.json) return print({ io, flags }, result, '');
      await printConnector(session, result.connector);
      if (result.reinstallNeeded === true) io.stderr('The connector has to be installed again.\n');
      if (result.reconsentNeeded !== undefined) io.stderr('Users have to consent again.\n');
    });
}
