/** The letters that Unicode has raised and lowered, both ways; characters count as code points. */

const raisedPairs =
  '0⁰ 1¹ 2² 3³ 4⁴ 5⁵ 6⁶ 7⁷ 8⁸ 9⁹ +⁺ −⁻ =⁼ (⁽ )⁾ nⁿ iⁱ jʲ kᵏ mᵐ dᵈ aᵃ bᵇ cᶜ eᵉ hʰ lˡ pᵖ rʳ sˢ tᵗ uᵘ vᵛ wʷ xˣ yʸ zᶻ ⊤ᵀ';
const loweredPairs =
  '0₀ 1₁ 2₂ 3₃ 4₄ 5₅ 6₆ 7₇ 8₈ 9₉ +₊ −₋ =₌ (₍ )₎ aₐ eₑ hₕ iᵢ jⱼ kₖ lₗ mₘ nₙ oₒ pₚ rᵣ sₛ tₜ uᵤ vᵥ xₓ';

function pairsOf(text: string): readonly (readonly [string, string])[] {
  return text.split(' ').map((pair) => {
    const [plain = '', small = ''] = Array.from(pair);
    return [plain, small] as const;
  });
}

/** From a letter to its small form. Beyond the exact ones: a cross as x, a star as it is. */
export const raise: ReadonlyMap<string, string> = new Map([...pairsOf(raisedPairs), ['×', 'ˣ'], ['∗', '*']]);
export const lower: ReadonlyMap<string, string> = new Map(pairsOf(loweredPairs));

/** From a small form to its letter. */
export const fromRaised: ReadonlyMap<string, string> = reversed(raisedPairs);
export const fromLowered: ReadonlyMap<string, string> = reversed(loweredPairs);

function reversed(text: string): ReadonlyMap<string, string> {
  return new Map(pairsOf(text).map(([plain, small]) => [small, plain]));
}
