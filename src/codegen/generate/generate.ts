import { buildContract } from '../../openapi/contract-table.js';
import { buildOperationTable } from '../../openapi/operation-table.js';
import { parseDocument } from '../../openapi/parse-document.js';
import { type GeneratedFiles, MARK } from './generated-folder.js';
import { type Prepared, prepareDocument } from './prepare.js';
import { buildTypeModules, OWN_MODULES } from './types/type-modules.js';

/** What is generated, and how. */
export interface GenerateOptions {
  /** How the files name the document, e.g. `openapi/connect.yaml`. */
  readonly source: string;
  /** Whether descriptions become comments. Default `true`. */
  readonly docs?: boolean | undefined;
  /** Whether the table that this package's own mock reads is written too. Default `false`. */
  readonly contract?: boolean | undefined;
}

/**
 * Makes every generated file of a document that was prepared.
 *
 * The same document gives the same bytes, whatever the folder, time zone, locale or clock.
 */
export function generateFrom(
  { document, hash }: Pick<Prepared, 'document' | 'hash'>,
  { source, docs = true, contract = false }: GenerateOptions,
): GeneratedFiles {
  const header = `${MARK} from ${source}. Do not edit.\n// Document SHA-256: ${hash}\n\n`;
  const modules: Record<string, string> = {
    ...buildTypeModules(document, docs),
    [`${OWN_MODULES.table}.ts`]: tableText(document),
    ...(contract ? { [`${OWN_MODULES.contract}.ts`]: contractText(document, hash) } : {}),
  };
  return Object.fromEntries(Object.entries(modules).map(([name, text]) => [name, header + text]));
}

/**
 * Makes every generated file of a document's text, as it is: with no correction and no supplement.
 *
 * @param text - The document, YAML or JSON.
 * @throws {Error} When the text is no OpenAPI 3 document.
 */
export function generateFiles(text: string, options: GenerateOptions): GeneratedFiles {
  return generateFrom(prepareDocument(parseDocument(text)), options);
}

function tableText(document: Prepared['document']): string {
  const rows = Object.entries(buildOperationTable(document)).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const lines = rows.map(([id, row]) => `\t${JSON.stringify(id)}: ${JSON.stringify(row)},\n`);
  return `/** What the transport has to know of each operation, by operation id. */\nexport const operations = {\n${lines.join('')}} as const;\n`;
}

function contractText(openapi: Prepared['document'], hash: string): string {
  return `import type { Contract } from '../openapi/contract-types.js';

/** Parameter, body and response schemas of each operation; for the mock alone. */
export const contract: Contract = ${JSON.stringify(buildContract({ openapi, hash }), null, 1)};
`;
}
