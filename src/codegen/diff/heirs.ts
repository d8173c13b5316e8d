import type { OpenApiDocument } from '../../openapi/document.js';
import { fromFragment, valueAt } from '../../openapi/json-pointer.js';
import { componentNameOf } from '../../openapi/references.js';
import { isRecord, listOf } from '../../util/is-record.js';
import { heirsIn, mappingOf } from '../generate/discriminators.js';
import { compareByKey } from './findings.js';
import { recordOf } from './nodes.js';
import type { Finding, Json, Pair, Part, Schema, SchemaComparer, View } from './types.js';

/**
 * Returns what finds the components that extend a schema with `allOf`. They are looked for once, and not before a
 * discriminator asks for them.
 */
export function createExtending(document: Json): View['extending'] {
  let heirs: ReadonlyMap<unknown, readonly string[]> | undefined;
  return (node) => {
    // Only the components are read, and each as any JSON.
    heirs ??= new Map(
      [...heirsIn(document as OpenApiDocument)].map(([reference, names]) => [
        valueAt(document, fromFragment(reference)),
        names,
      ]),
    );
    return heirs.get(node) ?? [];
  };
}

/**
 * Returns the schemas that a discriminator leads to beside the alternatives of its own schema, by the values that name them:
 * those of its mapping and, without alternatives, those that extend its schema. No `$ref` leads to them.
 */
export function heirsOf(view: View, parts: readonly Part[]): Map<string, Schema> {
  const heirs = new Map<string, Schema>();
  const nodes = new Set(parts.map(({ node }) => node));
  for (const { node, at } of parts) {
    if (!isRecord(node.discriminator)) continue;
    const place = [...at, 'discriminator'];
    const targets = targetsOf(view, node).map(({ value, reference, isMapped }) => ({
      value,
      part: {
        node: view.derive(node, `heir ${reference}`, () => ({ $ref: reference })),
        at: isMapped ? [...place, 'mapping', value] : place,
      },
    }));
    const isTarget = (one: Json) => targets.some(({ part }) => view.resolve(part.node) === one);
    // An heir takes over the discriminator of what it extends, and cannot be another heir.
    if ([...nodes].some(isTarget)) continue;
    const branches = new Set([...listOf(node.oneOf), ...listOf(node.anyOf)].map(view.resolve));
    for (const { value, part } of targets)
      if (!branches.has(view.resolve(part.node))) heirs.set(value, [part]);
  }
  return heirs;
}

function targetsOf(view: View, node: Json) {
  const { schemas } = recordOf(view.document.components);
  const mapped = mappingOf(node.discriminator, schemas).map(([value, to]) => {
    return { value, reference: String(to), isMapped: true };
  });
  const known = new Set(mapped.map(({ reference }) => reference));
  const hasBranches = Array.isArray(node.oneOf) || Array.isArray(node.anyOf);
  const implied = (hasBranches ? [] : view.extending(node))
    .filter((reference) => !known.has(reference))
    .map((reference) => ({
      value: componentNameOf(reference)?.name ?? reference,
      reference,
      isMapped: false,
    }));
  return [...mapped, ...implied];
}

/**
 * Compares the schemas that a value of the discriminator leads to in both documents. A value that only one of them
 * has is a change of the discriminator itself.
 *
 * @param known - What was found in the schema that they extend, and is not told again of each.
 */
export function compareHeirs(
  comparer: SchemaComparer,
  { before, after }: Pair,
  known: readonly Finding[],
): Finding[] {
  const isKnown = ({ kind, at, before: was, after: is }: Finding) =>
    known.some(
      (one) =>
        one.kind === kind &&
        one.before === was &&
        one.after === is &&
        one.at.every((step, index) => step === at[at.length - one.at.length + index]),
    );
  return compareByKey(before.heirs, after.heirs, (_, was, is) => {
    if (was === undefined || is === undefined) return [];
    return comparer.compareBranches(was, is, true).filter((finding) => !isKnown(finding));
  });
}
