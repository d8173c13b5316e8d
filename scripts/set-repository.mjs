// Writes the public address of the repository, from the variable REPOSITORY_URL, into package.json (`repository`, `homepage`,
// `bugs`), and takes out of README that the package is not on npm yet. Only a release runs it.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const url = process.env.REPOSITORY_URL ?? '';
if (!/^https:\/\/[\w.-]+(?:\/[\w.-]+)+$/.test(url)) {
  console.error(
    'REPOSITORY_URL is not the https URL of a repository, e.g. https://github.com/acme/vercel-rest',
  );
  process.exit(1);
}

const manifestPath = `${root}/package.json`;
const { license, ...manifest } = JSON.parse(readFileSync(manifestPath, 'utf8'));
const { name, version, description, ...rest } = manifest;
const address = {
  repository: { type: 'git', url: `git+${url}.git` },
  homepage: `${url}#readme`,
  bugs: { url: `${url}/issues` },
};
const written = { name, version, description, license, ...address, ...rest };
writeFileSync(manifestPath, `${JSON.stringify(written, null, 2)}\n`);

const readmePath = `${root}/README.md`;
const readme = readFileSync(readmePath, 'utf8');
writeFileSync(readmePath, readme.replace(/<!-- not on npm -->[\s\S]*?<!-- \/not on npm -->\n\n?/, ''));
console.log(`package.json names ${url}.`);
