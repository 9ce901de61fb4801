/** For the test that components have their texts in catalogues. */

import ts from 'typescript';

/** Text in a component that no catalogue has. */
export interface Literal {
  readonly line: number;
  readonly text: string;
}

/** Attributes, and fields of objects that end up in them, that are shown or spoken. */
const textNames = new Set([
  ...['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'aria-placeholder'],
  ...['alt', 'caption', 'children', 'description', 'explanation', 'fallback', 'heading', 'hint', 'label'],
  ...['legend', 'meaning', 'message', 'name', 'note', 'placeholder', 'shown', 'spoken', 'subject', 'summary'],
  ...['symbol', 'text', 'title', 'unit', 'valueText', 'words', 'xLabel', 'yLabel'],
]);

/** Where `name` is not a label but what a form is sent under. */
const elementsWithNames = new Set([
  'input',
  'select',
  'textarea',
  'button',
  'form',
  'meta',
  'iframe',
  'slot',
]);

/** Attributes whose values are for the browser, whatever they look like. */
const technicalNames =
  /^(class|className|d|data-.*|fill|href|id|key|pattern|points|rel|role|sandbox|src|stroke.*|style|target|transform|type|viewBox)$/;

/** In these, letters are symbols of mathematics. */
const mathElements = new Set(['var', 'sub', 'sup', 'math', 'Symbol']);

/** Errors say what is wrong to programs and logs. */
const isForPrograms = (node: ts.Node): boolean =>
  ts.isThrowStatement(node) || (ts.isNewExpression(node) && node.expression.getText().endsWith('Error'));

const hasLetters = (text: string): boolean => /\p{L}/u.test(text);
const looksLikeProse = (text: string): boolean => /\p{L}[\p{P}]?\s+[\p{P}]?\p{L}/u.test(text);

const tagOf = (node: ts.JsxElement | ts.JsxSelfClosingElement): string =>
  (ts.isJsxElement(node) ? node.openingElement : node).tagName.getText();

/** The constant texts of an expression that becomes a text, whichever way it takes. */
function textsOf(node: ts.Node): ts.Node[] {
  if (ts.isStringLiteralLike(node)) return [node];
  if (ts.isTemplateExpression(node)) return [node.head, ...node.templateSpans.map(({ literal }) => literal)];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node)) {
    const joins = [
      ts.SyntaxKind.PlusToken,
      ts.SyntaxKind.BarBarToken,
      ts.SyntaxKind.AmpersandAmpersandToken,
      ts.SyntaxKind.QuestionQuestionToken,
    ];
    const { left, operatorToken, right } = node;
    return joins.includes(operatorToken.kind) ? [...textsOf(left), ...textsOf(right)] : [];
  }
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return textsOf(node.body);
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isJsxExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  ) {
    return node.expression ? textsOf(node.expression) : [];
  }
  return [];
}

const textIn = (node: ts.Node): string =>
  ts.isJsxText(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) ? node.text : '';

/**
 * Finds what a component shows or says without a catalogue: letters between tags, letters in attributes that are texts,
 * and anything anywhere that reads as words. Symbols of mathematics may stand in <var>, <sub> and <sup>.
 */
export function findLiterals(source: string, path: string): Literal[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TSX);
  const found = new Map<number, Literal>();
  const report = (node: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    found.set(node.getStart(file), { line, text: textIn(node).trim() });
  };
  const reportLetters = (nodes: readonly ts.Node[]): void => {
    nodes.filter((node) => hasLetters(textIn(node))).forEach(report);
  };

  const visitAttribute = (attribute: ts.JsxAttribute): void => {
    const name = attribute.name.getText(file);
    const element = attribute.parent.parent.tagName.getText(file);
    if (technicalNames.test(name) || (name === 'name' && elementsWithNames.has(element))) return;
    if (attribute.initializer && textNames.has(name)) reportLetters(textsOf(attribute.initializer));
    ts.forEachChild(attribute, visit);
  };

  const visit = (node: ts.Node): void => {
    if (isForPrograms(node) || ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isJsxElement(node) && mathElements.has(tagOf(node))) {
      // The opening tag has attributes like any other.
      ts.forEachChild(node.openingElement, visit);
      return;
    }
    if (ts.isJsxAttribute(node)) {
      visitAttribute(node);
      return;
    }
    if (ts.isJsxText(node)) reportLetters([node]);
    else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) reportLetters(textsOf(node));
    else if (ts.isPropertyAssignment(node) && textNames.has(nameOf(node.name))) {
      reportLetters(textsOf(node.initializer));
    } else if (looksLikeProse(textIn(node))) report(node);
    ts.forEachChild(node, visit);
  };
  const nameOf = (name: ts.PropertyName): string => ('text' in name ? name.text : '');
  visit(file);
  return [...found.values()];
}
