import type { NamedTurn } from '@sotto/speakers';
import { concat, pause, SAMPLE_RATE, speak } from '@sotto/testkit';
import { SENTENCES } from '../engine/sentences.ts';
import { randomFrom } from './conversations.ts';

/** A conversation whose words are known. */
export interface SyntheticConversation {
  name: string;
  samples: Int16Array;
  truth: (NamedTurn & { speaker: string; text: string })[];
}

/** espeak-ng's, as far apart as they are: others of it are one person to networks that know people. */
const VOICES = [
  { voice: 'en-us+m3', pitch: 30 },
  { voice: 'en-us+f2', pitch: 75 },
];
const TURNS = 20;
const LONGEST_PAUSE_MS = 900;

/** Sentences in turn, without overlap: nobody's words are lost to another's. */
export async function syntheticConversation(seed: number): Promise<SyntheticConversation> {
  const random = randomFrom(seed);
  const parts: Int16Array[] = [];
  const truth: SyntheticConversation['truth'] = [];
  let samples = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const who = turn % VOICES.length;
    const text = SENTENCES[Math.floor(random() * SENTENCES.length)] ?? '';
    const spoken = (await speak(text, { ...VOICES[who], speed: 150 })).samples;
    truth.push({
      start: samples / SAMPLE_RATE,
      end: (samples + spoken.length) / SAMPLE_RATE,
      speaker: `voice ${who}`,
      text,
    });
    const silence = pause(200 + Math.round(random() * LONGEST_PAUSE_MS));
    parts.push(spoken, silence);
    samples += spoken.length + silence.length;
  }
  return { name: `synthetic voices, seed ${seed}`, samples: concat(...parts), truth };
}
