import { concat, durationMsOf, NANO_WORDS, pause, speakPhrase } from '@sotto/testkit';

/** Somebody says a few words that sotto-nano knows. */
export interface Said {
  who: number;
  words: string[];
  startMs: number;
  endMs: number;
}

export interface Dialogue {
  samples: Int16Array;
  said: Said[];
}

/** Voices that are far apart, and that sotto-nano was trained on. */
const VOICES = [
  { voice: 'en-us+m3', pitch: 30, speed: 140 },
  { voice: 'en-us+f2', pitch: 70, speed: 140 },
];
const PHRASE_WORDS = 7;
const PAUSE_MS = 700;

/** Two people who take turns, with true words and times. */
export async function dialogue(turns: number): Promise<Dialogue> {
  const parts: Int16Array[] = [pause(PAUSE_MS)];
  const said: Said[] = [];
  let atMs = PAUSE_MS;
  for (let turn = 0; turn < turns; turn += 1) {
    const who = turn % VOICES.length;
    const words = Array.from({ length: PHRASE_WORDS }, (_, at) => wordAt(turn * PHRASE_WORDS + at));
    const { samples } = await speakPhrase({ text: words.join(' '), ...VOICES[who] });
    const endMs = atMs + durationMsOf(samples);
    said.push({ who, words, startMs: atMs, endMs });
    parts.push(samples, pause(PAUSE_MS));
    atMs = endMs + PAUSE_MS;
  }
  return { samples: concat(...parts), said };
}

/** Neither in the order of the list, nor the same word twice in a row. */
function wordAt(index: number): string {
  const all = NANO_WORDS.en;
  return all[(index * 7 + Math.floor(index / all.length)) % all.length] ?? '';
}
