import type ts from 'typescript';
import { METHODS } from './roles.js';
import type { Usage, UsageSearch } from './usage-search.js';

/** Takes the place of a part of a text that is known at run time only. */
const HOLE = '\uFFFC';

/**
 * Finds texts that look like a path of the documents, such as an argument of `fetch`: only the text says what they are for.
 *
 * @param uses - The uses that types have shown; their paths are not reported again.
 */
export function findPathTexts(search: UsageSearch, file: ts.SourceFile, uses: readonly Usage[]): void {
  const matchers = [...search.known.paths].map((path) => ({ path, segments: path.split('/').slice(1) }));
  const typed = new Set(
    uses.flatMap(({ wanted }) => {
      if ('operationId' in wanted) return [...(search.known.ids.get(wanted.operationId) ?? [])];
      return 'path' in wanted && wanted.perhaps !== true ? [wanted.path] : [];
    }),
  );
  const visit = (node: ts.Node): void => {
    const text = textOf(search, node);
    if (text === undefined) {
      node.forEachChild(visit);
      return;
    }
    const segments = segmentsOf(search, text);
    if (segments === undefined) return;
    const method = methodAround(search, node);
    const methods = method === undefined ? undefined : [method];
    // A path as the documents write it, parameters and all, is of no other operation.
    const isWritten = text.includes('{') && search.known.paths.has(text);
    const meant = isWritten ? [text] : matchers.filter((one) => fits(segments, one)).map(({ path }) => path);
    for (const path of meant) if (!typed.has(path)) search.found(node, { path, methods, perhaps: true });
  };
  file.forEachChild(visit);
}

/** Tells whether the steps of a text may be those of a path. */
function fits(
  segments: readonly string[],
  { segments: wanted }: { readonly segments: readonly string[] },
): boolean {
  return (
    segments.length === wanted.length &&
    wanted.every((step, index) => {
      const given = segments[index] ?? '';
      return given === step || (/^\{.*\}$/.test(step) && given !== '');
    })
  );
}

/** The text of a literal, a template, or texts that are put together; `undefined` for any other node. */
function textOf(search: UsageSearch, node: ts.Node): string | undefined {
  const { compiler } = search;
  if (compiler.isImportDeclaration(node) || compiler.isExportDeclaration(node)) return '';
  if (compiler.isStringLiteralLike(node)) return node.text;
  if (compiler.isTemplateExpression(node))
    return node.templateSpans.reduce((text, { literal }) => text + HOLE + literal.text, node.head.text);
  if (!compiler.isBinaryExpression(node) || node.operatorToken.kind !== compiler.SyntaxKind.PlusToken)
    return undefined;
  const [left, right] = [node.left, node.right].map((side) => textOf(search, side));
  return left === undefined && right === undefined ? undefined : (left ?? HOLE) + (right ?? HOLE);
}

/** Returns the segments of a text that is certainly a path: under a base URL, or with a version, a parameter or several steps. */
function segmentsOf({ known }: UsageSearch, text: string): string[] | undefined {
  const base = /^(?:https?:\/\/[^/\uFFFC]+|\uFFFC)/.exec(text)?.[0];
  if (base !== undefined && base !== HOLE && !known.hosts.has(base)) return undefined;
  const path = text.slice(base?.length ?? 0).split(/[?#]/)[0] ?? '';
  const isVersioned = /^\/?v\d+\//.test(path);
  if (!path.startsWith('/') && !isVersioned) return undefined;
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const isTelling = isVersioned || base !== undefined || path.includes('{') || segments.length > 2;
  return isTelling && !/\s/.test(path) ? segments : undefined;
}

/** The method that a call around a text names: `fetch(url, { method: 'POST' })`, `http.post(url)`; a bare `fetch` is a GET. */
function methodAround({ compiler }: UsageSearch, node: ts.Node): string | undefined {
  const call = node.parent;
  if (compiler.isLiteralTypeNode(call)) return undefined;
  if (!compiler.isCallExpression(call) && !compiler.isNewExpression(call)) return undefined;
  const texts = call.arguments?.map((argument) =>
    compiler.isStringLiteralLike(argument) ? argument.text : '',
  );
  const named = texts?.map((text) => text.toUpperCase()).find((text) => METHODS.has(text));
  const init = call.arguments?.find(compiler.isObjectLiteralExpression);
  const property = init?.properties.find((each) => each.name?.getText() === 'method');
  if (property !== undefined)
    return compiler.isPropertyAssignment(property) && compiler.isStringLiteralLike(property.initializer)
      ? property.initializer.text.toUpperCase()
      : undefined;
  if (named !== undefined) return named;
  const callee = call.expression.getText().split('.').at(-1)?.toUpperCase() ?? '';
  if (METHODS.has(callee)) return callee;
  return callee === 'FETCH' && (init !== undefined || call.arguments?.length === 1) ? 'GET' : undefined;
}
