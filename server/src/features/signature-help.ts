/**
 * The signature of the function, source or method that the cursor is inside, with the argument it is at.
 */
import type { Position, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import { methodCatalogue } from '../base/method-catalogue.ts';
import { functionNamed } from '../atoms/index.ts';
import { functionOf } from '../check/facts.ts';
import { sourceFormats } from '../check/blocks/source-formats.ts';
import type { Snapshot } from '../workspace/document.ts';
import { contextAt } from './completion/cursor-context.ts';
import type { CursorContext, OpenBracket } from './completion/cursor-context.ts';
import { presented } from './markdown.ts';
import type { MarkdownAbilities } from './markdown.ts';
import { atomDescription, axisOf, describeOption, methodSignature, sourceSignature } from './hover/words.ts';
import { sourceOptionWords } from './words.ts';

interface Described {
  readonly label: string;
  readonly documentation: string;
  /** Text of each parameter in the label; the name of an option is what stands before ` = `. */
  readonly parameters: readonly { readonly label: string; readonly documentation?: string }[];
}

export function signatureHelpOf(
  snapshot: Snapshot,
  position: Position,
  abilities: MarkdownAbilities,
): SignatureHelp | null {
  const context = contextAt(snapshot.text, snapshot.offset(position));
  if (context.inside === 'comment') return null;
  const calls = context.brackets.filter(({ bracket, callee }) => bracket === '(' && callee !== undefined);
  const call = calls.at(-1);
  if (call?.callee === undefined) return null;
  const described = describe(call.callee, snapshot, context, calls.length);
  if (described === undefined) return null;
  const { label, documentation, parameters } = described;
  const signature: SignatureInformation = {
    label,
    documentation: { kind: MarkupKind.Markdown, value: presented(documentation, abilities) },
    parameters: parameters.map((parameter) => ({
      label: parameter.label,
      ...(parameter.documentation === undefined
        ? {}
        : { documentation: { kind: MarkupKind.Markdown, value: parameter.documentation } }),
    })),
    activeParameter: activeParameter(call, parameters),
  };
  return { signatures: [signature], activeSignature: 0 };
}

/** By name for `name = …`, else by position; null where the signature has no such argument. */
function activeParameter(
  { argument, argumentName }: OpenBracket,
  parameters: readonly { readonly label: string }[],
): number | null {
  if (argumentName !== undefined) {
    const index = parameters.findIndex(
      ({ label }) => label.startsWith(`${argumentName} `) || label === argumentName,
    );
    return index < 0 ? null : index;
  }
  return argument < parameters.length ? argument : null;
}

function describe(
  callee: string,
  snapshot: Snapshot,
  context: CursorContext,
  depth: number,
): Described | undefined {
  if (context.block === 'solve') {
    const entry = context.statement[0];
    const axis = entry === undefined ? undefined : axisOf(entry, depth);
    const method = methodCatalogue.find((each) => each.name === callee && each.axis === axis);
    if (method === undefined) return undefined;
    const { positional, options, summary, reference } = method;
    return {
      label: methodSignature(method),
      documentation: `${summary}\n\n${reference}`,
      parameters: [
        ...(positional === undefined ? [] : [{ label: `${positional} method` }]),
        ...options.map((option) => ({ label: `${option.name} = …`, documentation: describeOption(option) })),
      ],
    };
  }
  const definition = functionOf(snapshot.checked.facts, callee)?.definition;
  if (definition?.parameters !== undefined) {
    const names = definition.parameters.map(({ text }) => text);
    return {
      label: `${callee}(${names.join(', ')})`,
      documentation: snapshot.slice(definition.span).replace(/\s+/gu, ' '),
      parameters: names.map((label) => ({ label })),
    };
  }
  const atom = functionNamed(callee);
  if (atom !== undefined) {
    const { signature } = atom.documentation;
    return {
      label: signature,
      documentation: atomDescription(atom),
      parameters: parametersIn(signature).map((label) => ({ label })),
    };
  }
  const source = sourceFormats.get(callee);
  if (source === undefined) return undefined;
  const label = sourceSignature(callee);
  return {
    label,
    documentation: source.summary,
    parameters: parametersIn(label).map((parameter) => {
      const documentation = sourceOptionWords[parameter.split(' ')[0] ?? ''];
      return { label: parameter, ...(documentation === undefined ? {} : { documentation }) };
    }),
  };
}

/** `f(a : matrix[n, k], b) : c` → `a : matrix[n, k]`, `b`: split at commas outside brackets. */
function parametersIn(signature: string): string[] {
  const open = signature.indexOf('(');
  const parameters: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let i = open; i >= 0 && i < signature.length; i++) {
    const character = signature[i];
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    if (depth === 0 || (depth === 1 && character === ',')) {
      parameters.push(signature.slice(start, i).trim());
      start = i + 1;
    }
    if (depth === 0) break;
  }
  return parameters.filter((parameter) => parameter !== '');
}
