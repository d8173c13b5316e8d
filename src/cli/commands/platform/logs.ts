import type { Command } from 'commander';
import type { EventOf } from '../../../platform/index.js';
import { terminalJson, terminalLines } from '../../../util/terminal-text.js';
import type { ApiFlags } from '../../api-flags.js';
import type { CliContext } from '../../io.js';
import { openPlatform } from '../../open-client.js';
import { pickFields } from '../../terminal/print.js';
import { createStatusLine } from '../../terminal/status-line.js';
import { waitReason } from './wait-reason.js';

type LogEvent = EventOf<Awaited<ReturnType<typeof openPlatform>>>;

interface LogsFlags extends ApiFlags {
  readonly follow?: boolean;
}

/** Adds `vercel-rest logs`. */
export function addLogs(program: Command, io: CliContext): void {
  program
    .command('logs')
    .description('print the build log of a deployment')
    .argument('<deployment>', 'id (dpl_...) or host name')
    .option('-f, --follow', 'go on until the deployment is ready, has failed or is canceled')
    .addHelpText('after', '\nWith --json it prints one event a line.')
    .action(async (deployment: string, flags: LogsFlags) => {
      const { stream } = await import('../../../client/stream/stream.js');
      const { followEvents } = await import('../../../platform/index.js');
      const client = await openPlatform(flags, io);
      const line = createStatusLine(io);
      const events =
        flags.follow === true
          ? followEvents(client, deployment, {
              signal: io.signal,
              onReconnect: (reason) => reason !== undefined && line.show(`Waiting: ${waitReason(reason)}`),
            })
          : stream(client, 'getDeploymentEvents', {
              params: {
                path: { idOrUrl: deployment },
                query: { direction: 'forward', follow: 0, limit: -1 },
              },
              signal: io.signal,
            });
      try {
        for await (const event of events) {
          line.clear();
          if (flags.json === true) io.stdout(`${terminalJson(pickFields(event, flags.fields))}\n`);
          else printEvent(event, io);
        }
      } finally {
        line.clear();
      }
    });
}

/** Prints the text of an event; one without text prints nothing. */
export function printEvent(event: LogEvent, io: CliContext): void {
  const text = event.text ?? event.payload?.text;
  if (text !== undefined) io.stdout(`${terminalLines(text.trimEnd())}\n`);
}
