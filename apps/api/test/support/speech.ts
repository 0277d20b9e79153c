import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { nanoUtterances, speak, wordErrorRate } from '@sotto/testkit';

/** A phrase that sotto-nano knows, with what was said. */
export async function phrase(seed: number): Promise<{ bytes: Uint8Array; text: string }> {
  const [utterance] = nanoUtterances(1, { seed, minWords: 4, maxWords: 4, languages: ['en'] });
  if (utterance === undefined) throw new Error('There is no utterance.');
  const { path } = await speak(utterance.text, utterance);
  return { bytes: await readFile(path), text: utterance.text };
}

/** How well the model hears is tested elsewhere; here it is enough that the text belongs to this recording. */
export function expectHeard(text: unknown, said: string): void {
  expect({ text, errors: wordErrorRate(said, String(text)) <= 0.5 }).toEqual({ text, errors: true });
}
