/**
 * The markdown of hovers, completions and signatures: code, formulas, links to places and to the language
 * reference. Features write formulas as pictures and links with addresses of this server; what leaves for a
 * client that knows neither is made plain at the end, in one place.
 */
import type { Span } from '../base/span.ts';
import { formulaAddress } from '../protocol/mathematics.ts';
import type { Mathematics } from '../protocol/mathematics.ts';
import { referenceScheme } from '../protocol/editor.ts';
import type { Snapshot } from '../workspace/document.ts';
import { mathematicsText } from './mathematics/text.ts';

/** What a client can show beyond plain markdown. */
export interface MarkdownAbilities {
  readonly drawsFormulas: boolean;
  readonly opensReference: boolean;
}

export function codeBlock(text: string): string {
  return `\`\`\`bilevel\n${text}\n\`\`\``;
}

export function inCode(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll(/\s+/gu, ' ')}\``;
}

/** A picture whose alternative text is the formula in Unicode. */
export function formula(math: Mathematics): string {
  const text = mathematicsText(math);
  const address = formulaAddress(math);
  return address === undefined
    ? inCode(text)
    : `![${text.replaceAll(/[[\]\\]/gu, String.raw`\$&`)}](${address})`;
}

/** A link to a heading of the language reference, by the name that the heading has in addresses. */
export function reference(heading: string, words = 'Language reference'): string {
  return `[${words}](${referenceScheme}${heading})`;
}

/** `line 12`, which leads there. */
export function placeLink(snapshot: Snapshot, { start }: Span): string {
  const { line, character } = snapshot.position(start);
  return `[line ${line + 1}](${snapshot.uri}#L${line + 1},${character + 1})`;
}

const picture = /!\[((?:[^\]\\]|\\.)*)\]\(bilevel-formula:[\w-]+\)/gu;
const referenceLink = new RegExp(String.raw`\n*\[([^\]]*)\]\(${referenceScheme}[\w-]+\)`, 'gu');

/** What leaves the server: pictures become Unicode in code, links that lead nowhere go. */
export function presented(markdown: string, { drawsFormulas, opensReference }: MarkdownAbilities): string {
  let text = markdown;
  if (!drawsFormulas) {
    text = text.replace(picture, (_, alternative: string) =>
      inCode(alternative.replaceAll(/\\(.)/gu, '$1')).replaceAll('|', String.raw`\|`),
    );
  }
  return opensReference ? text : text.replace(referenceLink, '');
}
