// Links of the pages lead to files of the repository, so that they work on GitHub and in the installed package. On the site
// those to pages outside docs/ lead to their copies in site/, and those to sources lead to the repository.
import { posix } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

/** Pages outside docs/, and where the site has them. */
const COPIES: Readonly<Record<string, string>> = {
  'README.md': 'site/about.md',
  'CHANGELOG.md': 'site/changelog.md',
  'CONTRIBUTING.md': 'site/contributing.md',
  'SECURITY.md': 'site/security.md',
  'bench/RESULTS.md': 'site/benchmarks.md',
};

const repository = repositoryUrl(manifest);

interface Token {
  type: string;
  tag: string;
  attrs: [string, string][] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
  children: Token[] | null;
}

/** What this file needs of a markdown-it instance. */
export interface Markdown {
  core: {
    ruler: {
      push(name: string, rule: (state: { tokens: Token[]; env: { relativePath?: string } }) => void): void;
    };
  };
}

/** A plugin for markdown-it. */
export function repositoryLinks(markdown: Markdown): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    const page = `docs/${env.relativePath ?? ''}`;
    const copied = Object.entries(COPIES).find(([, copy]) => page === `docs/${copy}`)?.[0];
    for (const { children } of tokens) rewriteAll(children ?? [], copied ?? page, page);
  });
}

/** @param source - The page as the repository has it: a copy's links are relative to its original. */
function rewriteAll(tokens: Token[], source: string, page: string): void {
  // A link to a source that is published nowhere becomes text.
  let isUnlinked = false;
  for (const token of tokens) {
    if (token.type === 'link_close' && isUnlinked) {
      isUnlinked = false;
      token.tag = 'span';
    }
    const attribute = ATTRIBUTES[token.type];
    const target = attribute === undefined ? null : token.attrGet(attribute);
    if (attribute === undefined || target === null || /^(?:[a-z]+:|#)/.test(target)) continue;
    const link = linkOnSite(target, source, page);
    if (link !== undefined) token.attrSet(attribute, link);
    else {
      token.tag = 'span';
      token.attrs = null;
      isUnlinked = true;
    }
  }
}

const ATTRIBUTES: Readonly<Record<string, string>> = { link_open: 'href', image: 'src' };

/** Finds where a link leads on the site, or in the repository; `undefined` for a source while the repository has no address. */
function linkOnSite(target: string, source: string, page: string): string | undefined {
  const [file = '', anchor] = target.split('#');
  const path = posix.join(posix.dirname(source), file);
  const copy = COPIES[path];
  const isPage = path.startsWith('docs/') && /\.(?:md|svg)$/.test(path);
  if (!isPage && copy === undefined) return repository && `${repository}/blob/main/${path}`;
  const relative = posix.relative(posix.dirname(page), isPage ? path : `docs/${copy}`);
  const link = relative.startsWith('.') ? relative : `./${relative}`;
  return anchor === undefined ? link : `${link}#${anchor}`;
}

function repositoryUrl({ repository: value }: { repository?: { url: string } }): string | undefined {
  return value?.url.replace(/^git\+/, '').replace(/\.git$/, '');
}
