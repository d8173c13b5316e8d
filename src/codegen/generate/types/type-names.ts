import { identifierOf, shortHash, uniqueNames } from '../identifier.js';

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
  return uniqueNames(names, (name) => {
    const plain = identifierOf(name);
    return TAKEN.has(plain) ? `${plain}_` : plain;
  });
}

/** Operation ids to the names of their interfaces: `getProject` gives `GetProjectOperation`. */
export function operationNamesOf(ids: readonly string[], taken: ReadonlySet<string>): Map<string, string> {
  const wantedBy = (id: string) => {
    const identifier = identifierOf(id);
    return `${identifier.charAt(0).toUpperCase()}${identifier.slice(1)}Operation`;
  };
  return uniqueNames(ids, wantedBy, taken);
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
    const file = used.has(plain) ? `${plain}-${shortHash(tag)}` : plain;
    used.add(file);
    files.set(tag, file);
  }
  return files;
}
