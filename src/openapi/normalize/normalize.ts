import { bundleDocument } from '../bundle.js';
import type { OpenApiDocument } from '../document.js';
import { toPointer } from '../json-pointer.js';
import { dereference } from '../references.js';
import { repairArtifactNames, repairComponentNames, repairReference } from './artifact-names.js';
import { dropImpossibleDiscriminator } from './discriminator-repair.js';
import { repairEnum } from './enum-repairs.js';
import { inDocumentOrder, type NodePath, nearestPointer, stepsOf } from './node-path.js';
import { repairExclusiveBounds, repairNullable } from './nullable.js';
import { repairOperationIds } from './operation-ids.js';
import { declarePathParameters } from './path-parameters.js';
import { reportSameTemplates } from './path-templates.js';
import { settleRequired } from './required.js';
import {
  dropInvalidPattern,
  orderSets,
  repairCommentEnds,
  repairEmptyResponses,
  repairHead,
  unescapePattern,
} from './small-repairs.js';
import type { Normalized, Note, Repair, SchemaRepair } from './types.js';
import { moveTypeIntoBranches, separateUnion } from './union-siblings.js';
import { dropEmptyUnions, uniteBranches, unwrapSingleBranch } from './unions.js';
import { rewrite, rewriteSchema, type Visitor } from './walk.js';

export type { Normalized, Repair, RepairKind } from './types.js';

/**
 * Repairs the flaws that a generator, a validator or a mock would fail on, and writes the document as OpenAPI 3.1.
 *
 * The given document stays as it is and may be frozen. The same document gives the same result, and a normalised document
 * stays as it is. Arrays whose order means nothing come out sorted, which no repair reports.
 *
 * @throws {Error} When the document holds what no repair makes safe: prototype keys or references that lead out of it.
 */
export function normalizeDocument(given: OpenApiDocument): Normalized<OpenApiDocument> {
  const document = bundleDocument(given);
  const part = normalizePart(document, document);
  const named = repairOperationIds(part.document);
  const all = [...part.repairs, ...named.repairs, ...reportSameTemplates(document)];
  return { document: named.document, repairs: inDocumentOrder(document, all) };
}

/**
 * Repairs some paths or components of a bundled document. Ids of operations stay.
 *
 * @param document - Resolves the references of the part.
 * @param part - The same document with fewer paths and components, so that pointers into it hold.
 * @param options - `keepNames` keeps the names that a compiler gave to properties: a validator that reads the document as it
 *   was published looks for them.
 */
export function normalizePart(
  document: OpenApiDocument,
  part: OpenApiDocument,
  { keepNames = false }: { readonly keepNames?: boolean } = {},
): Normalized<OpenApiDocument> {
  const notes: { readonly path: NodePath | undefined; readonly noted: Parameters<Note> }[] = [];
  const noteAt =
    (path: NodePath | undefined): Note =>
    (...noted) => {
      notes.push({ path, noted });
    };
  const schemaRepairs = listSchemaRepairs(document).filter(
    (repair) => !keepNames || repair !== repairArtifactNames,
  );
  const rewritten = rewrite(part, createVisitor(document, schemaRepairs, keepNames, noteAt));
  return {
    document: rewritten,
    // The mock, which repairs a component at its first use, asks for none.
    get repairs() {
      return notes.flatMap(({ path, noted: [kind, detail, ...below] }): Repair[] => {
        const steps = stepsOf(path);
        const pointer = nearestPointer(part, [...steps, ...below]);
        // `settleRequired` copies schemas. A flaw in a copy is reported where the schema was copied from.
        return pointer.length >= toPointer(steps).length ? [{ kind, detail, pointer }] : [];
      });
    },
  };
}

function createVisitor(
  document: OpenApiDocument,
  schemaRepairs: readonly SchemaRepair[],
  keepNames: boolean,
  noteAt: (path: NodePath | undefined) => Note,
): Visitor {
  return {
    enter: (shape, node, path) => {
      const note = noteAt(path);
      if (shape === 'pathItem') return declarePathParameters(document, path?.step ?? '', node, note);
      if (shape === 'operation') return repairEmptyResponses(node, note);
      return shape === 'schema' && !isPartOfSchema(path) ? settleRequired(document, node, note) : node;
    },
    leave: (shape, node, path) => {
      const note = noteAt(path);
      const commented = repairCommentEnds(node, note);
      const result = keepNames ? commented : repairReference(commented);
      if (shape === 'components' && !keepNames) return repairComponentNames(result, note);
      if (shape === 'document') return repairHead(result, note);
      if (shape !== 'schema') return result;
      const repaired = schemaRepairs.reduce((schema, repair) => repair(schema, note), result);
      if (isPartOfSchema(path)) return repaired;
      // Repairs move what `required` names, such as the only branch of a union, so it is settled again. This ends: each round
      // removes at least one name that its own object does not declare, and no repair adds one. The note names the schema as
      // a whole, because its new parts need not be in the document.
      const noteHere: Note = (kind, detail) => note(kind, detail);
      const settled = settleRequired(document, repaired, noteHere);
      return settled === repaired
        ? repaired
        : rewriteSchema(
            settled,
            createVisitor(document, schemaRepairs, keepNames, () => noteHere),
          );
    },
  };
}

/** Lists the repairs of a schema in their order: a repair may rely on those before it. */
function listSchemaRepairs(document: OpenApiDocument): readonly SchemaRepair[] {
  const memo = new WeakMap<object, string>();
  const unionRepairs = [
    moveTypeIntoBranches(memo, (schema) => dereference(document, schema)),
    uniteBranches(memo),
    unwrapSingleBranch,
  ];
  // Each of the three can make work for the others, so they run until none changes anything. This ends: a change removes a
  // `type` beside a union, a branch or a union, and adds a `type` or a branch only where it removes a union.
  const settleUnions: SchemaRepair = (schema, note) => {
    if (schema.oneOf === undefined && schema.anyOf === undefined) return schema;
    let before: typeof schema;
    let result = schema;
    do {
      before = result;
      result = unionRepairs.reduce((current, repair) => repair(current, note), before);
    } while (result !== before);
    return result;
  };
  return [
    dropEmptyUnions,
    dropImpossibleDiscriminator(document),
    repairArtifactNames,
    // Must precede the repairs that move `required` to another object.
    orderSets,
    repairExclusiveBounds,
    unescapePattern,
    dropInvalidPattern,
    settleUnions,
    repairEnum,
    separateUnion,
    repairNullable,
  ];
}

// A schema at one of these keywords is repaired together with the schema around it, or belongs to a condition.
const PARTS: ReadonlySet<string> = new Set(['oneOf', 'anyOf', 'allOf', 'if', 'then', 'else', 'not']);

function isPartOfSchema(path: NodePath | undefined): boolean {
  // A property may have such a name, but its keyword is `properties`. Only schemas have these keywords.
  return path !== undefined && (PARTS.has(path.keyword) || path.keyword === 'dependentSchemas');
}
