// Links of README and docs/ lead somewhere, in the repository and in the installed package.
import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { sidebar } from '../../docs/.vitepress/sidebar.js';
import manifest from '../../package.json' with { type: 'json' };
import { type Page, pages, ROOT } from './pages.js';

const byPath = new Map(pages.map((page) => [page.path, page]));
/** Sources and tests: a reader of the installed package has no need of them. */
const REPOSITORY_ONLY = /^(?:test|scripts|bench|examples|\.github)\//;

interface Target {
  readonly path: string;
  readonly anchor: string | undefined;
  readonly name: string;
}

function targetsOf(page: Page): Target[] {
  return page.links
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .map(({ line, target }) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
      return { path, anchor, name: `${page.path}:${line} ${target}` };
    });
}

test.each(pages.map((page) => [page.path, page] as const))(
  'the links of %s lead somewhere',
  (_path, page) => {
    const dead = targetsOf(page).filter(({ path, anchor }) => {
      const target = byPath.get(path);
      if (target !== undefined) return anchor !== undefined && !target.anchors.has(anchor);
      return !existsSync(`${ROOT}${path}`);
    });
    expect(dead.map(({ name }) => name)).toEqual([]);
  },
);

test('the links of README and of every page that it leads to work in the installed package', () => {
  const reached = new Set<string>();
  const queue = ['README.md'];
  const dead: string[] = [];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const page = byPath.get(path);
    for (const { path: to, name } of page === undefined ? [] : targetsOf(page)) {
      if (REPOSITORY_ONLY.test(to) && path !== 'README.md') continue;
      if (isPacked(to)) queue.push(to);
      else dead.push(name);
    }
  }
  expect(dead).toEqual([]);
});

test('every page can be reached from README', () => {
  const reached = new Set<string>();
  const queue = ['README.md'];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const page = byPath.get(path);
    if (reached.has(path) || page === undefined) continue;
    reached.add(path);
    queue.push(...targetsOf(page).map(({ path: to }) => to));
  }
  expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

test('the sidebar of the site has every page of docs/, and nothing else', () => {
  const listed = sidebar.flatMap(({ items }) =>
    items.map(({ link }) => `docs${link.replace(/\/$/, '/index')}.md`),
  );
  const own = listed.filter((path) => !path.startsWith('docs/site/') && path !== 'docs/api/index.md');
  expect(own.sort()).toEqual(
    pages
      .map(({ path }) => path)
      .filter((path) => path.startsWith('docs/'))
      .sort(),
  );
});

/** Whether npm packs a file, by the patterns of `files` as npm reads them. README, LICENSE and package.json always are. */
function isPacked(path: string): boolean {
  if (['README.md', 'LICENSE', 'package.json'].includes(path)) return true;
  return manifest.files
    .filter((pattern) => !pattern.startsWith('!'))
    .some((pattern) =>
      pattern.includes('*')
        ? new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(path)
        : path === pattern || (path.startsWith(`${pattern}/`) && statSync(`${ROOT}${pattern}`).isDirectory()),
    );
}
