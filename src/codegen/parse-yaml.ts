import { createRequire } from 'node:module';

/**
 * Parses YAML with the package yaml, an optional peer: whoever has JSON documents alone needs no parser for others.
 *
 * @throws {Error} When it is not installed, or the text is no YAML.
 */
export function parseYaml(text: string): unknown {
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
