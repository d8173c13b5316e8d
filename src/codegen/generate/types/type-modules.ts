// Writes the TypeScript of a prepared document: a module for each tag, one for what they share, and an index.
import type { OpenApiDocument } from '../../../openapi/document.js';
import { inlineComponents } from '../inline-components.js';
import { openResponseEnums } from '../open-enums.js';
import { shareSchemas } from '../share-schemas.js';
import { indexModuleText } from './index-text.js';
import { type ModuleTools, sharedModuleText, tagModuleText } from './module-text.js';
import { OWN_MODULES, planModules } from './plan-modules.js';
import { createTypeBuilder } from './type-builder.js';
import { identifiersOf } from './type-names.js';

export { OWN_MODULES } from './plan-modules.js';

/**
 * Makes the modules of types, by file name.
 *
 * @param document - Normalised.
 * @param docs - Whether descriptions become comments.
 */
export function buildTypeModules(document: OpenApiDocument, docs: boolean): Record<string, string> {
  const shared = openResponseEnums(shareSchemas(inlineComponents(document)));
  const plan = planModules(shared);
  const tools: ModuleTools = {
    document: shared,
    builder: createTypeBuilder(shared, docs),
    identifiers: identifiersOf(Object.keys(shared.components?.schemas ?? {})),
  };
  const tags = plan.tags.map((module) => [`${module.file}.ts`, tagModuleText(module, tools)] as const);
  return {
    [`${OWN_MODULES.index}.ts`]: indexModuleText(plan, tools),
    [`${OWN_MODULES.shared}.ts`]: sharedModuleText(plan.shared, tools),
    ...Object.fromEntries(tags),
  };
}
