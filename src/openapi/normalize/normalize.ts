import { isRecord } from '../../util/is-record.js';
import { bundleDocument } from '../bundle.js';
import type { JsonObject, OpenApiDocument } from '../document.js';
import { toPointer } from '../json-pointer.js';
import { dereference } from '../references.js';
import { repairArtifactNames, repairComponentNames, repairReference } from './artifact-names.js';
import { repairEnum } from './enums.js';
import { inDocumentOrder, type NodePath, nearestPointer, stepsOf } from './node-path.js';
import { repairExclusiveBounds, repairNullable } from './nullable.js';
import { repairOperationIds } from './operation-ids.js';
import { declarePathParameters } from './path-parameters.js';
import { reportSameTemplates } from './path-templates.js';
import { settleRequired } from './required.js';
import { dropInvalidPattern, orderSets, repairCommentEnds, unescapePattern } from './small-repairs.js';
import type { Normalized, Note, Repair, SchemaRepair } from './types.js';
import { moveTypeIntoBranches, separateUnion } from './union-siblings.js';
import { dropEmptyUnions, uniteBranches, unwrapSingleBranch } from './unions.js';
import { rewrite, rewriteSchema, type Shape, type Visitor } from './walk.js';

export type { Normalized, Repair, RepairKind } from './types.js';

/**
 * Repairs what a generator, a validator or a mock would stumble over, and writes everything as OpenAPI 3.1 has it.
 *
 * The document that is given stays as it is and may be frozen. The same document gives the same result, and what comes out
 * stays as it is when it is given again. Arrays whose order means nothing come out sorted, which no repair reports.
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
 * Repairs a part of a document that was guarded before: some of its paths, or its components. Ids of operations stay.
 *
 * @param document - What references in the part lead into.
 * @param part - The same document with fewer paths and components, so that pointers into it hold.
 * @param options - `keepNames` leaves what a compiler named as it is: who validates against the document as it was published
 *   looks for those names.
 */
export function normalizePart(
  document: OpenApiDocument,
  part: OpenApiDocument,
  { keepNames = false }: { readonly keepNames?: boolean } = {},
): Normalized<OpenApiDocument> {
  const repairs: Repair[] = [];
  const noteAt =
    (place: NodePath | undefined): Note =>
    (kind, detail, ...below) => {
      const steps = stepsOf(place);
      const pointer = nearestPointer(part, [...steps, ...below]);
      // What `settleRequired` has copied to this place is a flaw of the place that it was copied from.
      if (pointer.length >= toPointer(steps).length) repairs.push({ kind, detail, pointer });
    };
  const schemaRepairs = listSchemaRepairs(document).filter(
    (repair) => !keepNames || repair !== repairArtifactNames,
  );
  const rewritten = rewrite(part, createVisitor(document, schemaRepairs, keepNames, noteAt));
  return { document: rewritten, repairs };
}

function createVisitor(
  document: OpenApiDocument,
  schemaRepairs: readonly SchemaRepair[],
  keepNames: boolean,
  noteAt: (place: NodePath | undefined) => Note,
): Visitor {
  return {
    enter: (shape, node, place) => enter(document, shape, node, place, noteAt(place)),
    leave: (shape, node, place) => {
      const note = noteAt(place);
      const commented = repairCommentEnds(node, note);
      const result = keepNames ? commented : repairReference(commented);
      if (shape === 'schema') {
        const repaired = schemaRepairs.reduce((schema, repair) => repair(schema, note), result);
        if (isPartOfSchema(place)) return repaired;
        return resettle(
          document,
          repaired,
          (noteHere) => createVisitor(document, schemaRepairs, keepNames, () => noteHere),
          note,
        );
      }
      if (shape === 'components' && !keepNames) return repairComponentNames(result, note);
      return shape === 'document' ? repairHead(result, note) : result;
    },
  };
}

/**
 * Settles `required` again after repairs that moved what it names, such as the only branch of a union.
 *
 * Ends, since each round takes at least one name off those in `required` that their own object does not declare, and no repair
 * adds one. What is noted is said of the schema as a whole: what is inside of it by now need not be in the document.
 */
function resettle(
  document: OpenApiDocument,
  schema: JsonObject,
  visitorWith: (note: Note) => Visitor,
  note: Note,
): JsonObject {
  const noteHere: Note = (kind, detail) => note(kind, detail);
  const settled = settleRequired(document, schema, noteHere);
  return settled === schema ? schema : rewriteSchema(settled, visitorWith(noteHere));
}

/** In this order: a repair may rely on what the ones before it have settled. */
function listSchemaRepairs(document: OpenApiDocument): readonly SchemaRepair[] {
  const memo = new WeakMap<object, string>();
  return [
    dropEmptyUnions,
    repairArtifactNames,
    // Before a repair moves `required` to where this would not come by.
    orderSets,
    repairExclusiveBounds,
    unescapePattern,
    dropInvalidPattern,
    settleUnions(memo, (schema) => dereference(document, schema)),
    repairEnum,
    separateUnion,
    repairNullable,
  ];
}

/**
 * Makes a repair of the unions of one schema: any of its steps may be what another waits for, so they are taken in turn until
 * none has anything to do.
 *
 * Ends, since a step takes away a `type` beside a union, a branch or a union, and puts none there but by taking away a union.
 */
function settleUnions(memo: WeakMap<object, string>, resolve: (schema: JsonObject) => unknown): SchemaRepair {
  const steps = [moveTypeIntoBranches(memo, resolve), uniteBranches(memo), unwrapSingleBranch];
  return (schema, note) => {
    let before: JsonObject;
    let result = schema;
    do {
      before = result;
      result = steps.reduce((current, step) => step(current, note), before);
    } while (result !== before);
    return result;
  };
}

function enter(
  document: OpenApiDocument,
  shape: Shape,
  node: JsonObject,
  place: NodePath | undefined,
  note: Note,
): JsonObject {
  if (shape === 'pathItem') return declarePathParameters(document, place?.step ?? '', node, note);
  if (shape === 'operation') return describeResponses(node, note);
  return shape === 'schema' && !isPartOfSchema(place) ? settleRequired(document, node, note) : node;
}

/** A status of which nothing is said, `'204':` in YAML, is a response without a body. */
function describeResponses(operation: JsonObject, note: Note): JsonObject {
  const entries = Object.entries(isRecord(operation.responses) ? operation.responses : {});
  const empty = entries.filter(([, response]) => !isRecord(response));
  if (empty.length === 0) return operation;
  for (const [status] of empty)
    note('empty-response', 'read as a response without a body', 'responses', status);
  const responses = entries.map(([status, response]) => [
    status,
    isRecord(response) ? response : { description: '' },
  ]);
  return { ...operation, responses: Object.fromEntries(responses) };
}

// A schema at one of these is looked at together with the one that it is part of, or says something about a condition.
const PARTS: ReadonlySet<string> = new Set(['oneOf', 'anyOf', 'allOf', 'if', 'then', 'else', 'not']);

function isPartOfSchema(place: NodePath | undefined): boolean {
  // A property of that name is none: its keyword is `properties`. Only schemas have these keywords.
  return place !== undefined && (PARTS.has(place.keyword) || place.keyword === 'dependentSchemas');
}

function repairHead(document: JsonObject, note: Note): JsonObject {
  const { info, tags } = document;
  const result: Record<string, unknown> = { ...document };
  if (!String(document.openapi).startsWith('3.1')) {
    note('openapi-version', `${String(document.openapi)} written as 3.1.0`, 'openapi');
    result.openapi = '3.1.0';
  }
  if (isRecord(info))
    result.info = repairCommentEnds(info, (kind, detail, ...below) => note(kind, detail, 'info', ...below));
  if (Array.isArray(tags))
    result.tags = tags.map((tag: unknown, index) =>
      isRecord(tag)
        ? repairCommentEnds(tag, (kind, detail, ...below) =>
            note(kind, detail, 'tags', String(index), ...below),
          )
        : tag,
    );
  return result;
}
