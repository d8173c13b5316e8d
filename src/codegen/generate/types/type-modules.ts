// Writes the TypeScript of a prepared document: a module for each tag, one for what they share, and an index.
import type { OpenApiDocument } from '../../../openapi/document.js';
import { walkOperations } from '../../../openapi/walk-operations.js';
import { separateDirections } from '../directions.js';
import { completeMappings } from '../discriminators.js';
import { inlineComponents } from '../inline-components.js';
import { shareSchemas } from '../share-schemas.js';
import { type IndexOptions, indexModuleText } from './index-text.js';
import { type ModuleTools, sharedModuleText, tagModuleText, webhooksModuleText } from './module-text.js';
import { OWN_MODULES, planModules, WEBHOOKS } from './plan-modules.js';
import { toTypable } from './typable.js';
import { createTypeBuilder } from './type-builder.js';
import { identifiersOf, operationNamesOf } from './type-names.js';

export { OWN_MODULES } from './plan-modules.js';

/** Options of {@link buildTypeModules}. */
export interface TypeOptions extends IndexOptions {
  /** Whether descriptions become comments. */
  readonly docs: boolean;
  /** The end of the specifier of a relative import: `.js`, `.ts` or nothing. */
  readonly suffix: string;
}

/**
 * Makes the modules of types, by file name.
 *
 * @param document - Normalised.
 */
export function buildTypeModules(
  document: OpenApiDocument,
  { docs, suffix, client }: TypeOptions,
): Record<string, string> {
  const typable = completeMappings(toTypable(inlineComponents(document)));
  // A copy: the builder settles discriminators in place.
  const shared = structuredClone(separateDirections(shareSchemas(typable, { nameBodies: true })));
  const builder = createTypeBuilder(shared, docs);
  const plan = planModules(shared);
  const identifiers = identifiersOf(Object.keys(shared.components?.schemas ?? {}));
  const ids = walkOperations(shared).map(({ operationId }) => operationId);
  const tools: ModuleTools = {
    document: shared,
    builder,
    identifiers,
    operationNames: operationNamesOf(ids, new Set(identifiers.values())),
    suffix,
  };
  const tags = plan.tags.map((module) => [`${module.file}.ts`, tagModuleText(module, tools)] as const);
  return {
    // The table is made of what the server sees, the types of what TypeScript can say.
    [`${OWN_MODULES.index}.ts`]: indexModuleText(plan, { ...tools, document }, { client }),
    [`${OWN_MODULES.shared}.ts`]: sharedModuleText(plan.shared, tools),
    ...Object.fromEntries(tags),
    ...(plan.webhooks.length === 0 ? {} : { [`${WEBHOOKS}.ts`]: webhooksModuleText(plan.webhooks, tools) }),
  };
}
