import { concat, durationMsOf, NANO_WORDS, type PhraseWord, pause, seededRandom, speakPhrase } from '@sotto/testkit';

interface TalkPhrase {
  text: string;
  startMs: number;
  endMs: number;
  words: PhraseWord[];
}

export interface Talk {
  samples: Int16Array;
  phrases: TalkPhrase[];
}

/** A few speakers of English, so that all words of all talks are spoken once per machine and then cached. */
const SPEAKERS = [
  { voice: 'en-us', speed: 127, pitch: 44 },
  { voice: 'en-gb', speed: 148, pitch: 57 },
  { voice: 'en-us+f2', speed: 139, pitch: 51 },
  { voice: 'en-gb+m3', speed: 161, pitch: 38 },
];

/** Phrases of English words with pauses between them, until it is at least so long; the same for the same seed. */
export async function makeTalk(minDurationMs: number, pauseMs: { from: number; to: number }, seed = 1): Promise<Talk> {
  const random = seededRandom(seed);
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const parts: Int16Array[] = [];
  const phrases: TalkPhrase[] = [];
  for (let atMs = 0; atMs < minDurationMs; ) {
    const lead = pause(between(pauseMs.from, pauseMs.to));
    const words = sample(NANO_WORDS.en, between(3, 6), random);
    const speaker = SPEAKERS[between(0, SPEAKERS.length - 1)] ?? {};
    const phrase = await speakPhrase({ text: words.join(' '), ...speaker });
    const startMs = atMs + durationMsOf(lead);
    const shifted = phrase.words.map(({ word, ...times }) => {
      return { word, startMs: startMs + times.startMs, endMs: startMs + times.endMs };
    });
    atMs = startMs + durationMsOf(phrase.samples);
    phrases.push({ text: words.join(' '), startMs, endMs: atMs, words: shifted });
    parts.push(lead, phrase.samples);
  }
  return { samples: concat(...parts, pause(500)), phrases };
}

function sample<T>(items: readonly T[], count: number, random: () => number): T[] {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}
