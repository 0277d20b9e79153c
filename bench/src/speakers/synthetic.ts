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

/** espeak-ng's, as far apart as they are. */
const VOICES = [
  { voice: 'en-us+m3', pitch: 30 },
  { voice: 'en-gb+f2', pitch: 70 },
  { voice: 'en-us+f4', pitch: 50 },
  { voice: 'en-gb+m7', pitch: 45 },
];
const TURNS = 20;
const LONGEST_PAUSE_MS = 900;

/** Sentences in turn, without overlap: nobody's words are lost to another's. */
export async function syntheticConversation(speakers: number, seed: number): Promise<SyntheticConversation> {
  const random = randomFrom(seed);
  const parts: Int16Array[] = [];
  const truth: SyntheticConversation['truth'] = [];
  let [samples, last] = [0, -1];
  for (let turn = 0; turn < TURNS; turn += 1) {
    // Everybody says something before anybody is drawn, and nobody twice in a row.
    let who = turn < speakers ? turn : Math.floor(random() * speakers);
    if (who === last) who = (who + 1) % speakers;
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
    last = who;
  }
  return { name: `${speakers} synthetic voices, seed ${seed}`, samples: concat(...parts), truth };
}
