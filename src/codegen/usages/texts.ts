import type ts from 'typescript';
import type { ArgumentRole } from './roles.js';
import { literalsOf, memberOf, symbolAt, type UsageSearch, unwrapped } from './usage-search.js';

/** The texts that an expression may be, where few are written down; `undefined` where only running it would tell. */
function textsOf(search: UsageSearch, expression: ts.Expression, depth = 0): string[] | undefined {
  const { compiler, checker } = search;
  const inner = unwrapped(search, expression);
  if (compiler.isStringLiteralLike(inner)) return [inner.text];
  if (compiler.isConditionalExpression(inner)) {
    const whenTrue = textsOf(search, inner.whenTrue, depth);
    const whenFalse = textsOf(search, inner.whenFalse, depth);
    return whenTrue && whenFalse && [...whenTrue, ...whenFalse];
  }
  // What an assertion made of a text is no more than the text; so the declaration is asked before the type.
  const declared = depth < 8 ? declaredText(search, inner) : undefined;
  return (
    (declared && textsOf(search, declared, depth + 1)) ?? literalsOf(search, checker.getTypeAtLocation(inner))
  );
}

/** Returns the initializer of a constant, or of a property of one. */
function declaredText(search: UsageSearch, expression: ts.Expression): ts.Expression | undefined {
  const { compiler } = search;
  const isName = compiler.isIdentifier(expression) || compiler.isPropertyAccessExpression(expression);
  const declaration = isName ? symbolAt(search, expression)?.valueDeclaration : undefined;
  if (declaration === undefined) return undefined;
  if (compiler.isVariableDeclaration(declaration))
    return (compiler.getCombinedNodeFlags(declaration) & compiler.NodeFlags.Const) === 0
      ? undefined
      : declaration.initializer;
  return compiler.isPropertyAssignment(declaration) ? declaration.initializer : undefined;
}

/** The expression of a call that names the operation, and the texts that it may be. */
export function argumentOf(
  search: UsageSearch,
  call: ts.CallExpression | ts.NewExpression,
  at: ArgumentRole['at'],
): { readonly node: ts.Expression | undefined; readonly texts: string[] | undefined } {
  const { compiler, checker } = search;
  const [index, ...steps] = at;
  const node = call.arguments?.[index];
  if (node === undefined || call.arguments?.slice(0, index + 1).some(compiler.isSpreadElement))
    return { node: undefined, texts: undefined };
  let current: ts.Expression = node;
  for (const [done, step] of steps.entries()) {
    const object = unwrapped(search, current);
    const property = propertyOf(search, object, step);
    if (property === undefined) {
      const type = steps
        .slice(done)
        .reduce<ts.Type | undefined>(
          (held, name) => memberOf(search, held, name, object),
          checker.getTypeAtLocation(object),
        );
      return { node: current, texts: type && literalsOf(search, type) };
    }
    current = property;
  }
  return { node: current, texts: textsOf(search, current) };
}

function propertyOf(
  { compiler }: UsageSearch,
  object: ts.Expression,
  name: string,
): ts.Expression | undefined {
  if (compiler.isArrayLiteralExpression(object)) return object.elements[Number(name)];
  if (!compiler.isObjectLiteralExpression(object)) return undefined;
  const property = object.properties.find((each) => each.name?.getText() === name);
  if (property === undefined) return undefined;
  if (compiler.isPropertyAssignment(property)) return property.initializer;
  return compiler.isShorthandPropertyAssignment(property) ? property.name : undefined;
}

/** The parameter that an expression is, or a property of one; and the function that it belongs to. */
export interface ParameterLocation {
  readonly owner: ts.SignatureDeclaration;
  readonly at: ArgumentRole['at'];
}

/** Finds the parameter that an expression hands on. */
export function parameterOf(search: UsageSearch, expression: ts.Expression): ParameterLocation | undefined {
  const { compiler } = search;
  const inner = unwrapped(search, expression);
  // `this.path`, which a parameter of a constructor may have declared.
  const isOwnProperty =
    compiler.isPropertyAccessExpression(inner) && inner.expression.kind === compiler.SyntaxKind.ThisKeyword;
  if (compiler.isIdentifier(inner) || isOwnProperty) {
    const place = placeOf(search, symbolAt(search, inner)?.valueDeclaration);
    if (place !== undefined) return place;
  }
  if (!compiler.isPropertyAccessExpression(inner)) return undefined;
  const outer = parameterOf(search, inner.expression);
  return outer && { owner: outer.owner, at: [...outer.at, inner.name.text] };
}

function placeOf(search: UsageSearch, declaration: ts.Node | undefined): ParameterLocation | undefined {
  const { compiler } = search;
  if (declaration === undefined) return undefined;
  if (compiler.isParameter(declaration)) {
    const owner = declaration.parent;
    const index = owner.parameters.filter(({ name }) => name.getText() !== 'this').indexOf(declaration);
    return declaration.dotDotDotToken === undefined ? { owner, at: [index] } : undefined;
  }
  if (compiler.isVariableDeclaration(declaration) && declaration.initializer !== undefined)
    return (compiler.getCombinedNodeFlags(declaration) & compiler.NodeFlags.Const) === 0
      ? undefined
      : parameterOf(search, declaration.initializer);
  if (!compiler.isBindingElement(declaration) || declaration.dotDotDotToken !== undefined) return undefined;
  const outer = compiler.isObjectBindingPattern(declaration.parent)
    ? placeOf(search, declaration.parent.parent)
    : undefined;
  const name = (declaration.propertyName ?? declaration.name).getText();
  return outer && { owner: outer.owner, at: [...outer.at, name] };
}
