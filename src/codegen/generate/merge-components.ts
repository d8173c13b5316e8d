import type { JsonObject, OpenApiDocument } from '../../openapi/document.js';
import { fromFragment, toPointer } from '../../openapi/json-pointer.js';
import { canonicalJson } from '../../openapi/normalize/canonical.js';
import { isRecord } from '../../util/is-record.js';
import { shortHash } from './identifier.js';

/** A component of the supplement that could not keep its name. */
interface Renamed {
  readonly section: string;
  readonly from: string;
  readonly to: string;
}

/** The components of both documents, and the supplement with references to the names that its components now have. */
export interface MergedComponents {
  readonly components: JsonObject;
  readonly supplement: OpenApiDocument;
  readonly renamed: readonly Renamed[];
}

/**
 * Joins the components of two documents.
 *
 * Components of one name that mean the same are one. Otherwise the supplement's is renamed, `Note` to `SupplementNote`: the
 * published name is the one that is known elsewhere.
 */
export function mergeComponents(published: OpenApiDocument, own: OpenApiDocument): MergedComponents {
  const renamed = findRenamed(published, own);
  const names = new Map(renamed.map(({ section, from, to }) => [componentKey(section, from), to]));
  // Only names in references change, so what comes out is the document that went in.
  const supplement = (names.size === 0 ? own : renameReferences(own, names)) as OpenApiDocument;
  const merged: Record<string, unknown> = { ...published.components };
  for (const [section, named] of sectionsOf(supplement)) {
    const added = Object.entries(named).map(([name, value]) => [
      names.get(componentKey(section, name)) ?? name,
      value,
    ]);
    const theirs = isRecord(merged[section]) ? merged[section] : {};
    // The published ones come first, so that an added component moves none, and stand where both have one.
    merged[section] = { ...theirs, ...Object.fromEntries(added), ...theirs };
  }
  return { components: merged, supplement, renamed };
}

/** Names a component, without the escapes that a reference has. */
const componentKey = (section: string, name: string) => JSON.stringify([section, name]);

function findRenamed(published: OpenApiDocument, own: OpenApiDocument): Renamed[] {
  return sectionsOf(own).flatMap(([section, named]) => {
    const theirs: unknown = published.components?.[section as 'schemas'];
    if (!isRecord(theirs)) return [];
    const clashes = Object.keys(named).filter(
      (name) => Object.hasOwn(theirs, name) && canonicalJson(theirs[name]) !== canonicalJson(named[name]),
    );
    return clashes.map((from) => {
      const plain = `Supplement${from.charAt(0).toUpperCase()}${from.slice(1)}`;
      if (!Object.hasOwn(theirs, plain) && !Object.hasOwn(named, plain)) return { section, from, to: plain };
      const hash = shortHash(canonicalJson(named[from], { docs: true }));
      return { section, from, to: `${plain}_${hash}` };
    });
  });
}

function sectionsOf(document: OpenApiDocument): [string, JsonObject][] {
  return Object.entries(document.components ?? {}).flatMap(([section, named]): [string, JsonObject][] =>
    isRecord(named) ? [[section, named]] : [],
  );
}

function renameReferences(node: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((item) => renameReferences(item, names));
  if (!isRecord(node)) return node;
  const entries = Object.entries(node).map(([key, value]) => {
    // Security requirements name their schemes without a reference.
    if (key === 'security' && Array.isArray(value)) {
      const to = (name: string) => names.get(componentKey('securitySchemes', name)) ?? name;
      const requirements = value.map((one: unknown) =>
        Object.fromEntries(Object.entries(Object(one)).map(([name, scopes]) => [to(name), scopes])),
      );
      return [key, requirements];
    }
    if (key !== '$ref' || typeof value !== 'string') return [key, renameReferences(value, names)];
    // A reference may lead to a part of a component.
    const [root, section = '', name = '', ...rest] = value.startsWith('#') ? fromFragment(value) : [];
    const to = root === 'components' ? names.get(componentKey(section, name)) : undefined;
    return [key, to === undefined ? value : `#${toPointer(['components', section, to, ...rest])}`];
  });
  return Object.fromEntries(entries);
}
