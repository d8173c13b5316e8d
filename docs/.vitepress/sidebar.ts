// The order of the documentation. test/docs/links.test.ts checks that it has every page.
import { readdirSync, readFileSync } from 'node:fs';

interface Section {
  readonly text: string;
  readonly items: readonly (readonly [text: string, link: string])[];
}

/** Reads the pages of decisions with their titles, which nobody has to list. */
function decisions(): Section['items'] {
  const folder = new URL('../decisions/', import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const title = /^# (.*)$/m.exec(readFileSync(new URL(name, folder), 'utf8'))?.[1] ?? name;
      return [title.replaceAll('`', ''), `/decisions/${name.replace('.md', '')}`];
    });
}

const SECTIONS: readonly Section[] = [
  {
    text: 'Start',
    items: [
      ['All pages', '/'],
      ['A token', '/start/token'],
      ['A REST call', '/start/rest'],
      ['A contract test', '/start/contract-test'],
    ],
  },
  {
    text: 'Vercel Connect',
    items: [
      ['Tokens', '/connect-tokens'],
      ['Caching and billing', '/caching'],
      ['Consent', '/consent'],
      ['Triggers and webhooks', '/triggers'],
      ['Managing connectors', '/connectors'],
      ['A fleet with one token', '/fleet'],
      ['Writing a store', '/writing-a-store'],
      ['MCP servers', '/mcp'],
      ['From @vercel/connect', '/migrating-from-vercel-connect'],
    ],
  },
  {
    text: 'The REST API',
    items: [
      ['Calling the API', '/calling-the-api'],
      ['Authentication', '/authentication'],
      ['Errors and retries', '/errors'],
      ['Observability', '/observability'],
      ['Proxies and certificates', '/proxies'],
      ['Bulk calls and deployments', '/platform'],
      ['From @vercel/sdk', '/migrating-from-vercel-sdk'],
    ],
  },
  {
    text: 'Testing',
    items: [
      ['Mocking any API', '/mocking'],
      ['The Connect emulator', '/emulator'],
    ],
  },
  {
    text: 'The document',
    items: [
      ['Pulling', '/pulling'],
      ['Generating types', '/generating'],
      ['Spec changes in CI', '/spec-changes'],
    ],
  },
  {
    text: 'Where it runs',
    items: [
      ['CommonJS and Jest', '/commonjs'],
      ['Browsers and edge', '/edge'],
      ['Supported hosts', '/supported-hosts'],
      ['Dependencies', '/dependencies'],
    ],
  },
  {
    text: 'Recipes',
    items: [
      ['Without an account', '/recipes/without-an-account'],
      ['Next.js', '/recipes/nextjs'],
      ['Nuxt', '/recipes/nuxt'],
      ['SvelteKit', '/recipes/sveltekit'],
      ['React Router', '/recipes/react-router'],
      ['Astro', '/recipes/astro'],
      ['Hono', '/recipes/hono'],
      ['Express', '/recipes/express'],
      ['NestJS', '/recipes/nestjs'],
      ['Workers', '/recipes/workers'],
      ['Cron jobs', '/recipes/cron'],
      ['Slack', '/recipes/slack'],
      ['GitHub', '/recipes/github'],
      ['Linear', '/recipes/linear'],
      ['Agents with MCP', '/recipes/mcp-agents'],
    ],
  },
  {
    text: 'Reference',
    items: [
      ['Command line', '/command-line'],
      ['Every command', '/cli'],
      ['API of the package', '/api/'],
      ['Troubleshooting', '/troubleshooting'],
      ['Questions', '/faq'],
      ['Moving to 0.2', '/migrating-to-0.2'],
      ['Changelog', '/site/changelog'],
    ],
  },
  {
    text: 'How it is made',
    items: [
      ['Architecture', '/architecture'],
      ['Faults', '/faults'],
      ['Mutation tests', '/mutation'],
      ['Benchmarks', '/site/benchmarks'],
      ['Contributing', '/site/contributing'],
      ['Security', '/site/security'],
      ...decisions(),
    ],
  },
];

// Sections do not collapse: the theme nests a button in a button there.
export const sidebar = SECTIONS.map(({ text, items }) => ({
  text,
  items: items.map(([label, link]) => ({ text: label, link })),
}));
