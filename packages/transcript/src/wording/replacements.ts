import type { Replacement } from '@sotto/contracts';
import type { TextEdit } from './edits.ts';
import { type TextToken, tokensOf } from './tokens.ts';

interface Rule {
  tokens: { matches: (text: string) => boolean; isApart: boolean }[];
  to: string;
}

/** Finds the words of spelling rules. Linear in the text for any rules: a `*` never crosses a word. */
export class Replacements {
  /** By their first token where it has no `*`, in lower case; the others under null. Each with its place in the list. */
  readonly #rules = new Map<string | null, { rule: Rule; order: number }[]>();

  constructor(replacements: readonly Replacement[]) {
    for (const [order, replacement] of replacements.entries()) {
      const [first] = patternTokens(replacement.from);
      if (first === undefined) continue;
      const key = first.text.includes('*') ? null : folded(first.text);
      this.#rules.set(key, [...(this.#rules.get(key) ?? []), { rule: ruleOf(replacement), order }]);
    }
  }

  editsOf(text: string): TextEdit[] {
    if (this.#rules.size === 0) return [];
    const tokens = tokensOf(text);
    const edits: TextEdit[] = [];
    for (let at = 0; at < tokens.length; ) {
      const rule = this.#ruleAt(tokens, at);
      const [first, last] = [tokens[at], tokens[at + (rule?.tokens.length ?? 1) - 1]];
      at += rule?.tokens.length ?? 1;
      if (rule === undefined || first === undefined || last === undefined) continue;
      edits.push({
        start: rule.to === '' ? blankBefore(text, first.start) : first.start,
        end: last.end,
        text: rule.to,
      });
    }
    return edits;
  }

  #ruleAt(tokens: readonly TextToken[], at: number): Rule | undefined {
    const candidates = [...(this.#rules.get(folded(tokens[at]?.text ?? '')) ?? []), ...(this.#rules.get(null) ?? [])];
    const found = candidates.filter(({ rule }) => isAt(rule, tokens, at));
    return found.sort((a, b) => a.order - b.order)[0]?.rule;
  }
}

function isAt(rule: Rule, tokens: readonly TextToken[], at: number): boolean {
  return rule.tokens.every(({ matches, isApart }, index) => {
    const token = tokens[at + index];
    return token !== undefined && matches(token.text) && (index === 0 || token.isApart === isApart);
  });
}

function ruleOf({ from, to, matchCase = false }: Replacement): Rule {
  const tokens = patternTokens(from).map(({ text, isApart }) => ({ matches: matcherOf(text, matchCase), isApart }));
  return { tokens, to };
}

/** `*` is part of its word. */
function patternTokens(pattern: string): TextToken[] {
  const joined: TextToken[] = [];
  for (const token of tokensOf(pattern)) {
    const before = joined.at(-1);
    const isPart = before !== undefined && !token.isApart && (token.text === '*' || before.text.endsWith('*'));
    if (isPart) joined[joined.length - 1] = { ...before, text: before.text + token.text, end: token.end };
    else joined.push(token);
  }
  return joined;
}

function matcherOf(pattern: string, matchCase: boolean): (text: string) => boolean {
  const written = (text: string) => (matchCase ? text.normalize() : folded(text));
  const [first = '', ...others] = pattern.split('*').map(written);
  const last = others.pop();
  if (last === undefined) return (text) => written(text) === first;
  return (token) => {
    const text = written(token);
    if (text.length < first.length + last.length || !/[\p{L}\p{N}]/u.test(text)) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    return others.every((part) => {
      at = text.indexOf(part, at) + part.length;
      return at >= part.length && at <= text.length - last.length;
    });
  };
}

const folded = (text: string) => text.normalize().toLowerCase();

/** What is left out takes the blanks before it along. */
export function blankBefore(text: string, offset: number): number {
  return offset - (/\s*$/u.exec(text.slice(0, offset))?.[0].length ?? 0);
}
