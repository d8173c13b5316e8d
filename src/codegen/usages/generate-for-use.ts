import { operations } from '../../generated/index.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { parseDocument } from '../../openapi/read-document.js';
import { type Correction, parseCorrections } from '../corrections/corrections.js';
import { readPackaged } from '../corrections/packaged.js';
import type { GeneratedFiles } from '../generate/generated-folder.js';
import { loadGenerator } from '../generate/load-generator.js';
import { prepareDocument } from '../generate/prepare.js';

/**
 * Makes the types of a document.
 *
 * @param isNeeded - The operations, by id, that the document was reduced to. Default: it is whole.
 */
export type GenerateTypes = (
  document: OpenApiDocument,
  isNeeded?: (operationId: string) => boolean,
) => Promise<GeneratedFiles>;

/**
 * Makes a generator for the types of whatever document is compared.
 *
 * They are those that `vercel-rest generate` writes, but for comments, and for corrections that do not fit a document: an older
 * one need not have the flaws of the present one.
 *
 * @param given - The corrections of the project, with those of this package that it makes. Default: those of this package.
 * @throws {Error} That says what to install, when types are made.
 */
export function generateForUse(given?: readonly Correction[]): GenerateTypes {
  let packaged = given;
  let supplement: OpenApiDocument | undefined;
  return async (openapi, isNeeded) => {
    const { generateFrom } = await loadGenerator('--uses');
    packaged ??= parseCorrections(readPackaged('corrections'));
    // What no program names need not be read: the supplement is a fourth of all that is generated.
    const isWhole = isNeeded === undefined || Object.keys(operations.operations).some(isNeeded);
    if (isWhole) supplement ??= parseDocument(readPackaged('connect')).openapi;
    const prepared = prepareDocument(
      { openapi, hash: '' },
      { packaged, ...(isWhole && supplement !== undefined ? { supplement } : {}) },
    );
    return generateFrom(prepared, { source: 'a document', docs: false });
  };
}
