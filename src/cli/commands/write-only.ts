import { contract } from '../../generated/contract.js';
import { isRecord, recordOf } from '../../util/is-record.js';

/** The names of all fields that the document marks as write-only: what is sent and never given back. */
export function writeOnlyNames(): ReadonlySet<string> {
  const names = new Set<string>();
  collect(contract.schemas, names);
  return names;
}

function collect(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) collect(item, names);
  if (!isRecord(node)) return;
  for (const [name, schema] of Object.entries(recordOf(node.properties))) {
    if (isRecord(schema) && schema.writeOnly === true) names.add(name);
  }
  for (const inner of Object.values(node)) collect(inner, names);
}
