import { createRequire } from 'node:module';

/**
 * Parses JSON or YAML.
 *
 * YAML needs the package yaml, an optional peer: whoever has JSON documents alone needs no parser for others.
 *
 * @throws {Error} When that is not installed, or the text is neither.
 */
export function parseText(text: string): unknown {
  // JSON is YAML too, but reading megabytes of it as such takes seconds. YAML flow mappings begin with a brace as well.
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      // The YAML parser below reads flow mappings, and says of broken JSON where it is broken.
    }
  }
  return loadYaml().parse(text);
}

function loadYaml(): typeof import('yaml') {
  try {
    return createRequire(import.meta.url)('yaml');
  } catch (cause) {
    throw new Error(
      'a YAML document needs the package yaml: run `npm install --save-dev yaml`, or save it as JSON',
      {
        cause,
      },
    );
  }
}
