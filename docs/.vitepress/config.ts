import { defineConfig } from 'vitepress';
import { repositoryLinks } from './links';
import { sidebar } from './sidebar';

/** The id of a heading, as GitHub makes it. test/docs/pages.ts has the same rule. */
const slugify = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

export default defineConfig({
  title: 'vercel-rest',
  description:
    'A typed REST client for the Vercel API, with Vercel Connect tokens, a mock and a command line.',
  lang: 'en',
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: true,
  lastUpdated: false,
  head: [['meta', { name: 'color-scheme', content: 'light dark' }]],
  markdown: {
    anchor: { slugify },
    toc: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (markdown) => {
      markdown.use(repositoryLinks);
      // A table that is wider than a phone scrolls; a keyboard has to reach it.
      markdown.renderer.rules.table_open = () => '<table tabindex="0">\n';
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start/token' },
      { text: 'Guides', link: '/' },
      { text: 'API', link: '/api/' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    footer: { message: 'Independent of Vercel. Apache-2.0.' },
  },
});
