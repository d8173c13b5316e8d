import type { Command } from 'commander';
import { terminalText } from '../../../util/terminal-text.js';
import { type ApiFlags, countOf } from '../../api-flags.js';
import type { CliContext } from '../../io.js';
import { openPlatform } from '../../open-client.js';
import { print } from '../../terminal/print.js';
import { createStatusLine } from '../../terminal/status-line.js';
import { printLastLines } from './deploy.js';
import { waitReason } from './wait-reason.js';

interface WaitFlags extends ApiFlags {
  readonly promoted?: boolean;
  readonly timeout: number;
}

/** Adds `vercel-rest wait`. */
export function addWait(program: Command, io: CliContext): void {
  program
    .command('wait')
    .description('wait until a deployment is ready and its aliases lead to it')
    .argument('<deployment>', 'id (dpl_...) or host name')
    .option('--promoted', 'until all production traffic goes to it')
    .option('--timeout <seconds>', 'how long to wait', countOf('--timeout', ' of seconds'), 900)
    .addHelpText('after', '\nExits with 1 where it fails or is canceled, with the last lines of its log.')
    .action(async (deployment: string, flags: WaitFlags) => {
      const line = createStatusLine(io);
      try {
        const { waitForDeployment } = await import('../../../platform/index.js');
        const found = await waitForDeployment(await openPlatform(flags, io), deployment, {
          until: flags.promoted === true ? 'promoted' : 'assigned',
          totalTimeout: flags.timeout * 1000,
          signal: io.signal,
          onPoll: ({ readyState }) => line.show(`Waiting: ${readyState}`),
          onError: (error) => line.show(`Waiting: ${waitReason(error)}`),
        });
        line.clear();
        await print({ io, flags }, found, `https://${terminalText(found.url)}\n`);
      } catch (error) {
        line.clear();
        await printLastLines(error, io);
        throw error;
      }
    });
}
