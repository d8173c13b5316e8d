import { buildContract } from '../../openapi/contract-table.js';
import { parseDocument } from '../../openapi/read-document.js';
import { type GeneratedFiles, MARK } from './generated-folder.js';
import { type Prepared, prepareDocument } from './prepare.js';
import { buildTypeModules, OWN_MODULES } from './types/type-modules.js';

/** How the relative `import type` of generated files name other files. */
export const IMPORT_EXTENSIONS = ['js', 'ts', 'none'] as const;

export type ImportExtension = (typeof IMPORT_EXTENSIONS)[number];

/** What is generated, and how. */
export interface GenerateOptions {
  /** How the files name the document, e.g. `openapi/connect.yaml`. */
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
  const modules: Record<string, string> = {
    ...buildTypeModules(document, { docs, suffix, client }),
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

function contractText(openapi: Prepared['document'], hash: string): string {
  return `import type { Contract } from '../openapi/contract-types.js';

/** Parameter, body and response schemas of each operation; for the mock alone. */
export const contract: Contract = ${JSON.stringify(buildContract({ openapi, hash }), null, 1)};
`;
}
