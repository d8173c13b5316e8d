// Reads the Markdown that users read: README and its siblings, and every page of docs/.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly heading: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** The word after the language, which says how tests treat the block. */
  readonly mode: string;
  readonly code: string;
}

/** A page, by its path in the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Ids of its headings, as GitHub and the documentation site make them. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly { readonly line: number; readonly target: string }[];
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TOP = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
/** Written by tools, and not in the repository. */
const NOT_PAGES = /^docs\/(?:node_modules|api|site|\.vitepress)\//;

export const pages: readonly Page[] = [...TOP, ...pagesOf('docs')].map(readPage);

function pagesOf(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !NOT_PAGES.test(path))
    .sort();
}

function readPage(path: string): Page {
  const text = readFileSync(`${ROOT}${path}`, 'utf8').replaceAll('\r\n', '\n');
  const blocks: Block[] = [];
  const anchors = new Map<string, number>();
  const links: { line: number; target: string }[] = [];
  let heading = '';
  let open: { fence: string; line: number; language: string; mode: string; code: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*(`{3,})(.*)$/.exec(line);
    if (open !== undefined) {
      if (fence?.[1] === open.fence && fence[2] === '') {
        blocks.push({ page: path, heading, ...open, code: `${open.code.join('\n')}\n` });
        open = undefined;
      } else open.code.push(line);
      continue;
    }
    if (fence !== null) {
      const [language = '', mode = ''] = (fence[2] ?? '').trim().split(/\s+/);
      open = { fence: fence[1] ?? '', line: index + 2, language, mode, code: [] };
      continue;
    }
    const title = /^#+ (.*)$/.exec(line)?.[1];
    if (title !== undefined) {
      heading = title;
      const slug = slugOf(title);
      const seen = anchors.get(slug) ?? 0;
      anchors.set(slug, seen + 1);
      if (seen > 0) anchors.set(`${slug}-${seen}`, 1);
    }
    for (const [, target = ''] of line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g))
      links.push({ line: index + 1, target });
  }
  if (open !== undefined) throw new Error(`${path}:${open.line} opens a block that does not end`);
  return { path, text, blocks, anchors: new Set(anchors.keys()), links };
}

/** The id of a heading by the rules of GitHub, which the site is configured to follow. */
function slugOf(title: string): string {
  return title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}
