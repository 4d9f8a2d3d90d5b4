import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The activities that one proxy of `src/workflows/activityProxies.ts` runs, and the options it gives them, flat: `retry.initialInterval`. */
export interface ActivityGroup {
  readonly activities: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

type Options = Map<string, string>;

/**
 * Read from the source: a proxy keeps its options to itself, and outside of a workflow it cannot be called.
 * Throws where the file is written in another way than this reads.
 */
export function readActivityGroups(file: URL): ActivityGroup[] {
  const source = ts.createSourceFile(file.pathname, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const shared = new Map<string, Options>();
  const groups: ActivityGroup[] = [];
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer === undefined) continue;
      const value = withoutTypes(initializer);
      if (ts.isObjectLiteralExpression(value)) shared.set(name.getText(), optionsOf(value, shared));
      else if (ts.isCallExpression(value)) groups.push(groupOf(value, shared));
    }
  }
  if (groups.length === 0) throw new Error(`${file.pathname} makes no proxies of activities.`);
  return groups;
}

function groupOf(call: ts.CallExpression, shared: ReadonlyMap<string, Options>): ActivityGroup {
  const [argument] = call.arguments;
  const picked = call.typeArguments?.[0];
  if (argument === undefined || !ts.isObjectLiteralExpression(argument) || picked === undefined) throw new Error(`This is no proxy with options: ${call.getText()}`);
  return { activities: [...picked.getText().matchAll(/'(\w+)'/g)].map(([, name]) => name ?? ''), options: optionsOf(argument, shared) };
}

function optionsOf(literal: ts.ObjectLiteralExpression, shared: ReadonlyMap<string, Options>): Options {
  const options: Options = new Map();
  for (const property of literal.properties) {
    if (ts.isSpreadAssignment(property)) for (const [name, value] of shared.get(property.expression.getText()) ?? []) options.set(name, value);
    else if (ts.isPropertyAssignment(property)) setOption(options, property.name.getText(), property.initializer, shared);
    else throw new Error(`This is no plain option: ${property.getText()}`);
  }
  return options;
}

function setOption(options: Options, name: string, value: ts.Expression, shared: ReadonlyMap<string, Options>): void {
  if (ts.isObjectLiteralExpression(value)) for (const [inner, text] of optionsOf(value, shared)) options.set(`${name}.${inner}`, text);
  else options.set(name, ts.isStringLiteral(value) ? value.text : value.getText());
}

function withoutTypes(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression) ? withoutTypes(expression.expression) : expression;
}
