import type { Command } from 'commander';
import type { ConnectImportResult, ConnectImportToken } from '../../../connect/index.js';
import { parseJson } from '../../../util/parse-json.js';
import { terminalText } from '../../../util/terminal-text.js';
import { type ApiFlags, countOf } from '../../api-flags.js';
import { type CliContext, EXIT, UsageError } from '../../io.js';
import { readText } from '../../terminal/input.js';
import { print } from '../../terminal/print.js';
import { checkPrivateFile, writePrivateFile } from '../../terminal/private-file.js';
import { openSession } from './shared.js';

const SHOWN = 20;

interface ImportFlags extends ApiFlags {
  readonly failedTo?: string;
  readonly batchSize: number;
}

/** Adds `import-tokens`. */
export function addImport(connect: Command, io: CliContext, onExit: (code: number) => void): void {
  connect
    .command('import-tokens')
    .description('bring tokens from elsewhere into Connect')
    .argument('<connector>', 'id (scl_...) or UID')
    .argument('<file>', 'a JSON list of tokens, or a token a line; - for standard input')
    .option('--failed-to <file>', 'write what did not go in there, to be imported again (holds secrets)')
    .option('--batch-size <count>', 'tokens a request', countOf('--batch-size'), 500)
    .addHelpText('after', '\nExit codes: 0 all went in, 1 some did not or the API failed, 2 usage.')
    .action(async (connector: string, file: string, flags: ImportFlags) => {
      const tokens = await readTokens(file, io);
      if (flags.failedTo !== undefined) await checkPrivateFile('--failed-to', flags.failedTo);
      const session = await openSession(flags, io);
      const { batchSize } = flags;
      const result = await session.client.importTokens(connector, tokens, { ...session.options, batchSize });
      if (flags.failedTo !== undefined && result.failed.length > 0) {
        await writePrivateFile(flags.failedTo, `${JSON.stringify(result.failed, null, 2)}\n`);
      }
      // Where nothing of it was even looked at, the error is about the request, and says what to do.
      const sent = result.tokens.filter(({ outcome }) => outcome !== 'invalid');
      const refusal = sent.every(({ outcome }) => outcome === 'unsent') ? sent[0]?.error : undefined;
      // With --json the result is printed all the same: it accounts for every item.
      if (refusal === undefined || session.flags.json === true)
        await print(session, result, summary(result, flags.failedTo));
      if (refusal !== undefined) throw refusal;
      onExit(result.failed.length === 0 ? EXIT.ok : EXIT.failure);
    });
}

/** Reads a JSON list of tokens, or a token a line. @throws {UsageError} */
async function readTokens(file: string, io: CliContext): Promise<ConnectImportToken[]> {
  const text = await readText('<file>', file === '-' ? '@-' : `@${file}`, io);
  const source = file === '-' ? 'standard input' : file;
  const whole = parseJson(text)?.value;
  // Each item is checked where it is imported.
  if (Array.isArray(whole)) return whole as ConnectImportToken[];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map((line) => parseJson(line)?.value);
  const wrong = parsed.indexOf(undefined);
  if (lines.length > 0 && wrong < 0) return parsed as ConnectImportToken[];
  throw new UsageError(
    lines.length === 0
      ? `${source} is empty: give a JSON list of tokens, or a token a line`
      : `${source} is not a JSON list, and line ${wrong + 1} is not JSON: give a JSON list of tokens, or a token a line`,
  );
}

function summary({ imported, tokens, failed }: ConnectImportResult, failedTo: string | undefined): string {
  const bad = tokens.filter(({ succeeded }) => !succeeded);
  const lines = bad.slice(0, SHOWN).map(({ index, outcome, error }) => {
    return `  ${index}: ${outcome}${error === undefined ? '' : `: ${terminalText(error.message)}`}`;
  });
  const more = bad.length > SHOWN ? [`  and ${bad.length - SHOWN} more; --json lists all`] : [];
  const next =
    failed.length === 0
      ? []
      : [
          failedTo === undefined
            ? 'next: fix them and import them again; --failed-to writes them to a file.'
            : `next: fix ${failedTo} and import it again.`,
        ];
  return `${[`Imported ${imported} of ${tokens.length}.`, ...lines, ...more, ...next].join('\n')}\n`;
}
