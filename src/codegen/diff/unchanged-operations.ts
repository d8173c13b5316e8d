import type { OpenApiDocument } from '../../openapi/document.js';
import { fromFragment } from '../../openapi/json-pointer.js';
import { referenceTo } from '../../openapi/references.js';
import { heirsIn } from '../generate/discriminators.js';
import { recordOf, referencesInText, withoutBuildNumbers } from './nodes.js';
import type { Operation, OperationPair } from './pair-operations.js';
import type { Json } from './types.js';

/**
 * Tells operations whose text is the same in both documents, with the text of all that they refer to. From one update to
 * the next these are most, and need no comparison.
 */
export function createIsUnchanged(before: Json, after: Json): (pair: OperationPair) => boolean {
  if (sharedText(before) !== sharedText(after)) return () => false;
  const textsOf = ({ components }: Json) =>
    new Map(
      Object.entries(recordOf(components)).flatMap(([section, held]) =>
        Object.entries(Object(held)).map(([name, node]): [string, string] => [
          withoutBuildNumbers(referenceTo(section, name)),
          textOf(node),
        ]),
      ),
    );
  const [was, is] = [textsOf(before), textsOf(after)];
  // References to components that differ in the two documents, or that lead to such a one.
  const changed = new Set([...was.keys(), ...is.keys()].filter((name) => was.get(name) !== is.get(name)));
  const heirs = new Map(
    // Only the components are read, and each as any JSON.
    [...heirsIn(after as OpenApiDocument)].map(([name, of]) => [withoutBuildNumbers(name), of]),
  );
  const leadsToChange = (text: string) =>
    referencesInText(text).some((reference) => {
      const [root, section = '', name] = fromFragment(reference);
      // What stands elsewhere, such as in another operation, may have changed.
      return root !== 'components' || name === undefined || changed.has(referenceTo(section, name));
    });
  for (let size = -1; size !== changed.size; ) {
    size = changed.size;
    for (const [name, text] of is) {
      const leads = text.includes('"discriminator"') ? (heirs.get(name) ?? []) : [];
      if (leadsToChange(text) || leads.some((one) => changed.has(withoutBuildNumbers(one))))
        changed.add(name);
    }
  }
  const ownText = ({ id, method, path, node, item }: Operation) =>
    textOf([id, method, path, node, item.parameters, item.servers]);
  return ({ before: older, after: newer }) => {
    if (older === undefined || newer === undefined) return false;
    const text = ownText(older);
    return text === ownText(newer) && !leadsToChange(text);
  };
}

/** Returns the text of what every operation takes over from its document. */
function sharedText({ components, servers, security }: Json): string {
  return textOf([recordOf(components).securitySchemes, servers, security]);
}

function textOf(value: unknown): string {
  return withoutBuildNumbers(JSON.stringify(value) ?? '');
}
