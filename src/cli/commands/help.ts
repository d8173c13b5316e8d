import type { Command } from 'commander';

/** The example at the end of the help of each command: a command line that does something real. */
const EXAMPLES: Readonly<Record<string, string>> = {
  token: 'token oauth/linear --subject user:user_123 --scopes read,write',
  api: 'api getConnector --param connector=slack/acme-slack',
  mock: 'mock --empty --port 4010',
  pull: 'pull --check',
  diff: 'diff old.json new.json --format markdown --fail-on type',
  generate: 'generate --document openapi/vercel.json --out src/vercel',
  deploy: 'deploy ./site --target production',
  wait: 'wait dpl_1 --timeout 600',
  logs: 'logs dpl_1 --follow',
  'env sync': 'env sync .env.production --project storefront --dry-run',
  completion: 'completion bash',
  'connect list': 'connect list --type slack,github --sort updatedAt',
  'connect get': 'connect get slack/acme-slack --json',
  'connect service': 'connect service slack',
  'connect projects': 'connect projects slack/acme-slack',
  'connect connectors': 'connect connectors prj_shop',
  'connect create': 'connect create slack --name "Support bot" --project shop',
  'connect update': 'connect update oauth/crm --name CRM --accent-color "#112233"',
  'connect attach': 'connect attach oauth/crm --project shop -e production,preview',
  'connect detach': 'connect detach oauth/crm --project shop -e preview',
  'connect triggers': 'connect triggers slack/bot --to prj_shop,path=/api/slack',
  'connect token': 'connect token oauth/linear --subject user:user_123',
  'connect authorize': 'connect authorize oauth/crm --subject user:user_123',
  'connect import-tokens': 'connect import-tokens oauth/crm tokens.json',
  'connect remove': 'connect remove oauth/crm --disconnect-all',
  'connect eject': 'connect eject slack/bot',
  'connect revoke-tokens': 'connect revoke-tokens oauth/crm --subject user:user_123',
  'connect open': 'connect open oauth/crm --team acme',
  'connect contacts add': 'connect contacts add linq/desk --phone-number +15550100',
};

/**
 * Gives every command its example, a help that fits the terminal, and errors that end with where its help is.
 *
 * @param path - The words before the command, e.g. `vercel-rest connect`.
 */
export function finishHelp(command: Command, path: readonly string[] = []): void {
  const name = path.join(' ');
  const example = EXAMPLES[name];
  if (example !== undefined) command.addHelpText('after', `\nExample:\n  ${PROGRAM} ${example}`);
  command.configureHelp({
    // Below this, commander wraps nothing, and a terminal breaks words.
    minWidthToWrap: 20,
    // Without `[options]`, which nearly every command takes.
    subcommandTerm: (child) => {
      const names = [child.name(), ...child.aliases()].join('|');
      const parts = child.registeredArguments.map((argument) => {
        const label = `${argument.name()}${argument.variadic ? '...' : ''}`;
        return argument.required ? `<${label}>` : `[${label}]`;
      });
      return [names, ...parts].join(' ');
    },
  });
  const full = [PROGRAM, ...path].join(' ');
  command.showHelpAfterError(
    `next: \`${full} --help\` shows ${command.commands.length > 0 ? 'the commands' : 'arguments and options'}.`,
  );
  for (const child of command.commands) finishHelp(child, [...path, child.name()]);
}

const PROGRAM = 'vercel-rest';
