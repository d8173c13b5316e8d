import { createHash } from 'node:crypto';
import { identifierOf } from '../identifier.js';

// What generated modules declare themselves, and the globals that generated types use.
const TAKEN: ReadonlySet<string> = new Set([
  'paths',
  'components',
  'operations',
  'schemas',
  'webhooks',
  'createClient',
  'Json',
  'NoContent',
  'WithRequired',
  'OperationId',
  'ResponseOf',
  'BodyOf',
  'QueryOf',
  'Array',
  'Exclude',
  'Extract',
  'Omit',
  'Pick',
  'Record',
  'any',
  'bigint',
  'boolean',
  'never',
  'number',
  'object',
  'string',
  'symbol',
  'unknown',
]);

/** Names to identifiers, each of its own; the same name gives the same identifier whatever else there is, if it can. */
export function identifiersOf(names: readonly string[]): Map<string, string> {
  const byIdentifier = new Map<string, string[]>();
  for (const name of names) {
    const plain = identifierOf(name);
    const identifier = TAKEN.has(plain) ? `${plain}_` : plain;
    byIdentifier.set(identifier, [...(byIdentifier.get(identifier) ?? []), name]);
  }
  const identifiers = new Map<string, string>();
  for (const [identifier, group] of byIdentifier) {
    for (const name of group) {
      // Which of two names comes first would depend on what else the document holds.
      const own = group.length === 1 || name === identifier ? identifier : `${identifier}_${hashOf(name)}`;
      identifiers.set(name, own);
    }
  }
  return identifiers;
}

/** Operation ids to the names of their interfaces: `getProject` gives `GetProjectOperation`. */
export function operationNamesOf(ids: readonly string[], taken: ReadonlySet<string>): Map<string, string> {
  const byName = new Map<string, string[]>();
  for (const id of ids) {
    const identifier = identifierOf(id);
    const name = `${identifier.charAt(0).toUpperCase()}${identifier.slice(1)}Operation`;
    byName.set(name, [...(byName.get(name) ?? []), id]);
  }
  const names = new Map<string, string>();
  for (const [name, group] of byName)
    for (const id of group)
      names.set(id, group.length === 1 && !taken.has(name) ? name : `${name}_${hashOf(id)}`);
  return names;
}

/** Names that Windows gives to devices, with any extension. */
const DEVICES =
  'con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9'.split(
    ' ',
  );

/** File names without extension for tags: `projectMembers` gives `project-members`. */
export function fileNamesOf(tags: readonly string[], reserved: ReadonlySet<string>): Map<string, string> {
  const files = new Map<string, string>();
  const used = new Set([...reserved, ...DEVICES]);
  for (const tag of [...tags].sort()) {
    const plain =
      tag
        .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
        .replaceAll(/[^A-Za-z0-9]+/g, '-')
        .replaceAll(/^-+|-+$/g, '')
        .toLowerCase() || 'tag';
    const file = used.has(plain) ? `${plain}-${hashOf(tag)}` : plain;
    used.add(file);
    files.set(tag, file);
  }
  return files;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
