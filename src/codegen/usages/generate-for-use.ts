import type { OpenApiDocument } from '../../openapi/document.js';
import { parseDocument } from '../../openapi/parse-document.js';
import { parseCorrections } from '../corrections/corrections.js';
import { readPackaged } from '../corrections/packaged.js';
import type { GeneratedFiles } from '../generate/generated-folder.js';
import { prepareDocument } from '../generate/prepare.js';

/**
 * Loads the generator, for the types of whatever document is compared.
 *
 * They are those that `vercel-rest generate` writes, but for comments, and for corrections that do not fit a document: an older
 * one need not have the flaws of the present one.
 *
 * @throws {Error} That says what to install.
 */
export async function generateForUse(): Promise<(document: OpenApiDocument) => GeneratedFiles> {
  const { generateFrom } = await import('../generate/generate.js').catch((cause: unknown) => {
    if (!/openapi-typescript|'typescript'/.test(String(cause))) throw cause;
    throw new Error(
      '--uses needs openapi-typescript and typescript 5: run `npm install --save-dev openapi-typescript@7 typescript@5`',
      { cause },
    );
  });
  const packaged = parseCorrections(readPackaged('corrections'));
  const supplement = readSupplement();
  return (openapi) => {
    const prepared = prepareDocument({ openapi, hash: '' }, { packaged, supplement });
    return generateFrom(prepared, { source: 'a document', docs: false });
  };
}

/** The document of the operations that this package brings along. */
export function readSupplement(): OpenApiDocument {
  return parseDocument(readPackaged('connect')).openapi;
}
