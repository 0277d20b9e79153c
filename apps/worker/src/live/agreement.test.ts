import { describe, expect, it } from '@jest/globals';
import type { Word } from '@sotto/contracts';
import fc from 'fast-check';
import { Agreement, type Pass } from './agreement.ts';

const WORD_MS = 300;

function words(text: string, fromMs = 0): Word[] {
  return text.split(' ').map((word, index) => {
    const startMs = fromMs + index * WORD_MS;
    return { word: ` ${word}`, startMs, endMs: startMs + WORD_MS, confidence: 0.9 };
  });
}

const pass = (text: string, heardMs = 60_000): Pass => ({ words: words(text), heardMs });
const textOf = (heard: readonly Word[]) => heard.map(({ word }) => word.trim()).join(' ');

describe('Agreement', () => {
  it('makes final what two passes in a row write alike, whatever their marks', () => {
    const agreement = new Agreement();
    expect(textOf(agreement.accept(pass('so my fell')).final)).toBe('');
    const second = agreement.accept(pass('So, my fellow Americans'));
    expect([textOf(second.final), textOf(second.open)]).toEqual(['So, my', 'fellow Americans']);
    expect(textOf(agreement.accept(pass('So my fellow Americans ask')).final)).toBe('fellow Americans');
    expect(textOf(agreement.settle(pass('So my fellow Americans ask not')))).toBe('ask not');
  });

  it('waits with a word at the end of what was heard: it may be cut off', () => {
    const agreement = new Agreement();
    agreement.accept(pass('under stand', 3 * WORD_MS));
    expect(textOf(agreement.accept(pass('under stand', 4 * WORD_MS)).final)).toBe('under');
  });

  it('finds its place where the window begins later, and in words that repeat', () => {
    const agreement = new Agreement();
    agreement.accept(pass('no no no no yes'));
    expect(textOf(agreement.accept(pass('no no no no yes but')).final)).toBe('no no no no yes');
    const later = { words: words('no yes but then', 3 * WORD_MS), heardMs: 60_000 };
    expect(textOf(agreement.settle(later))).toBe('but then');
  });

  it('goes on by time where the final words are heard otherwise', () => {
    const agreement = new Agreement(words('we shall see'));
    expect(textOf(agreement.settle({ words: words('weasel sea later', 0), heardMs: 9_000 }))).toBe('');
    expect(textOf(agreement.settle({ words: words('sea later on', 2 * WORD_MS), heardMs: 9_000 }))).toBe('later on');
  });

  it('does not tell a word again that is heard to last until the next one, over a pause', () => {
    const agreement = new Agreement(words('so you know'));
    const [so, you, know] = words('so you know');
    const heard = [so, you, { ...know, endMs: 3_500 }, ...words('you get started', 3_500)] as Word[];
    expect(textOf(agreement.settle({ words: heard, heardMs: 6_000 }))).toBe('you get started');
  });

  it('says every word once, in order, however the passes are cut and whatever their last words are', () => {
    const spokenWord = fc.constantFrom('a', 'b', 'c', 'no', 'yes', 'the');
    fc.assert(
      fc.property(
        fc.array(spokenWord, { minLength: 1, maxLength: 30 }),
        fc.array(fc.record({ more: fc.integer({ min: 0, max: 4 }), wrong: fc.integer({ min: 0, max: 2 }) })),
        (said, steps) => {
          const agreement = new Agreement();
          const final: Word[] = [];
          let heard = 0;
          for (const [step, { more, wrong }] of steps.entries()) {
            heard = Math.min(said.length, heard + more);
            const sure = said.slice(0, Math.max(0, heard - 2));
            const guessed = said.slice(sure.length, heard).map((word, at) => (at < wrong ? `${word}x${step}` : word));
            const text = [...sure, ...guessed];
            if (text.length === 0) continue;
            const { final: agreed } = agreement.accept({ words: words(text.join(' ')), heardMs: heard * WORD_MS });
            final.push(...agreed);
          }
          final.push(...agreement.settle({ words: words(said.join(' ')), heardMs: said.length * WORD_MS }));
          expect(textOf(final)).toBe(said.join(' '));
        },
      ),
    );
  });
});
