import type { Command } from 'commander';
import { type ApiFlags, repeat } from '../api-flags.js';
import type { CliContext } from '../io.js';

/** The flags of `vercel-rest api`, as parsed. */
export interface CallFlags extends ApiFlags {
  readonly method?: string;
  readonly param?: string[];
  readonly rawField?: string[];
  readonly field?: string[];
  readonly header?: string[];
  readonly credential?: string[];
  readonly data?: string;
  readonly include?: boolean;
  readonly paginate?: boolean;
  readonly list?: boolean;
}

/** Adds `vercel-rest api`. */
export function addApi(program: Command, io: CliContext): void {
  program
    .command('api')
    .description('call any operation by its id or path, and print the answer as JSON')
    .argument('[operation...]', 'e.g. listConnectors, /v2/user, or DELETE /v1/x; a path alone is a GET')
    .optionsGroup('Request:')
    .option('-X, --method <method>', 'the HTTP method; default GET, or POST where there is a body')
    .option('--param <name=value>', 'path or query parameter; repeatable', repeat)
    .option(
      '-f, --raw-field <name=value>',
      'a text field of the body, or of the query of a GET; repeatable',
      repeat,
    )
    .option('-F, --field <name=value>', 'the same as true, false, null, a number, @file or env:NAME', repeat)
    .option('-H, --header <name:value>', 'a header of the request; repeatable', repeat)
    .option(
      '--credential <how=where>',
      'in place of the bearer: header:NAME=env:KEY, query:, cookie: or basic:USER=; repeatable',
      repeat,
    )
    .option('--data <json>', 'the body: @file.json, @-, env:NAME or JSON without secrets')
    .optionsGroup('Answer:')
    .option('-i, --include', 'print the status and the headers of the answer first')
    .option('--paginate', 'print the items of all pages, one JSON a line')
    .optionsGroup('Options:')
    .option('--list', 'list the operations that have an id')
    .action(async (words: string[], flags: CallFlags) => {
      const { callApi } = await import('./call-api.js');
      await callApi(words, flags, io);
    });
}
