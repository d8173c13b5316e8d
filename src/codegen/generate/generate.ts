import { buildContract } from '../../openapi/contract-table.js';
import { parseDocument } from '../../openapi/read-document.js';
import { type GeneratedFiles, MARK } from './generated-folder.js';
import { type Prepared, prepareDocument } from './prepare.js';
import { buildTypeModules, OWN_MODULES } from './types/type-modules.js';

/** The ways in which relative type imports of generated files name other files. */
export const IMPORT_EXTENSIONS = ['js', 'ts', 'none'] as const;

export type ImportExtension = (typeof IMPORT_EXTENSIONS)[number];

/** Options of {@link generateFrom}. */
export interface GenerateOptions {
  /** The name of the document in the header of each file, e.g. `openapi/connect.yaml`. */
  readonly source: string;
  /** Whether descriptions become comments. Default `true`. */
  readonly docs?: boolean | undefined;
  /** The extension in relative imports, all of which are of types. Default `js`. */
  readonly importExtension?: ImportExtension | undefined;
  /** Whether `index.ts` exports a `createClient` that is bound to its types and its table. Default `true`. */
  readonly client?: boolean | undefined;
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
  { source, docs = true, importExtension = 'js', client = true, contract = false }: GenerateOptions,
): GeneratedFiles {
  const header = `${MARK} from ${source}. Do not edit.\n// Document SHA-256: ${hash}\n\n`;
  const suffix = importExtension === 'none' ? '' : `.${importExtension}`;
  const modules = buildTypeModules(document, { docs, suffix, client });
  if (contract)
    modules[`${OWN_MODULES.contract}.ts`] = `import type { Contract } from '../openapi/contract-types.js';

/** Parameter, body and response schemas of each operation; for the mock alone. */
export const contract: Contract = ${JSON.stringify(buildContract({ openapi: document, hash }), null, 1)};
`;
  return Object.fromEntries(Object.entries(modules).map(([name, text]) => [name, header + text]));
}

/**
 * Makes every generated file of a document's text, as it is: with no correction and no supplement.
 *
 * @param text - The document, YAML or JSON.
 * @throws {Error} When the text is not an OpenAPI 3 document.
 */
export function generateFiles(text: string, options: GenerateOptions): GeneratedFiles {
  return generateFrom(prepareDocument(parseDocument(text)), options);
}
