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
/** Somebody who is in no dialogue. */
export const STRANGER = VOICES.length;
const EVERYBODY = [...VOICES, { voice: 'fr+klatt4', pitch: 80, speed: 140 }];
const PHRASE_WORDS = 7;
const PAUSE_MS = 700;
const SAMPLES_PER_MS = 16;

/** Two people who take turns, with true words and times. */
export async function dialogue(turns: number): Promise<Dialogue> {
  const parts: Int16Array[] = [pause(PAUSE_MS)];
  const said: Said[] = [];
  let atMs = PAUSE_MS;
  for (let turn = 0; turn < turns; turn += 1) {
    const { samples, ...phrase } = await phraseOf(turn);
    const endMs = atMs + durationMsOf(samples);
    said.push({ ...phrase, startMs: atMs, endMs });
    parts.push(samples, pause(PAUSE_MS));
    atMs = endMs + PAUSE_MS;
  }
  return { samples: concat(...parts), said };
}

export interface Call {
  /** Of each voice: what is recorded on its side. */
  channels: Int16Array[];
  said: Said[];
}

export interface CallOptions {
  /** From the end of a turn to the beginning of the next; below 0, both speak at once for so long. */
  pauseMs?: number;
  /** How much of the other side is heard on each; 0: nothing. */
  echo?: number;
}

/** The same two people on the telephone, each on a channel. */
export async function call(turns: number, { pauseMs = PAUSE_MS, echo = 0 }: CallOptions = {}): Promise<Call> {
  const spoken: (Said & { samples: Int16Array })[] = [];
  let atMs = PAUSE_MS;
  for (let turn = 0; turn < turns; turn += 1) {
    const phrase = await phraseOf(turn);
    const endMs = atMs + durationMsOf(phrase.samples);
    spoken.push({ ...phrase, startMs: atMs, endMs });
    atMs = endMs + pauseMs;
  }
  const own = VOICES.map((_, who) =>
    track(
      spoken.filter((turn) => turn.who === who),
      (spoken.at(-1)?.endMs ?? 0) + PAUSE_MS,
    ),
  );
  const [left = pause(0), right = pause(0)] = own;
  return {
    channels: [withEcho(left, right, echo), withEcho(right, left, echo)],
    said: spoken.map(({ samples: _, ...said }) => said),
  };
}

function track(turns: readonly { startMs: number; samples: Int16Array }[], lengthMs: number): Int16Array {
  const whole = pause(lengthMs);
  for (const { startMs, samples } of turns) whole.set(samples, startMs * SAMPLES_PER_MS);
  return whole;
}

const withEcho = (own: Int16Array, other: Int16Array, echo: number): Int16Array =>
  own.map((sample, at) => sample + Math.round(echo * (other[at] ?? 0)));

async function phraseOf(turn: number): Promise<{ who: number; words: string[]; samples: Int16Array }> {
  const who = turn % VOICES.length;
  const words = Array.from({ length: PHRASE_WORDS }, (_, at) => wordAt(turn * PHRASE_WORDS + at));
  const { samples } = await speakPhrase({ text: words.join(' '), ...VOICES[who] });
  return { who, words, samples };
}

/** One of them alone, with other words than in a dialogue. */
export async function monologue(who: number, phrases: number): Promise<Int16Array> {
  const parts: Int16Array[] = [];
  for (let phrase = 0; phrase < phrases; phrase += 1) {
    const words = Array.from({ length: PHRASE_WORDS }, (_, at) => wordAt(50 + who * 20 + phrase * PHRASE_WORDS + at));
    const { samples } = await speakPhrase({ text: words.join(' '), ...EVERYBODY[who] });
    parts.push(samples, pause(PAUSE_MS / 2));
  }
  return concat(...parts);
}

/** Neither in the order of the list, nor the same word twice in a row. */
function wordAt(index: number): string {
  const all = NANO_WORDS.en;
  return all[(index * 7 + Math.floor(index / all.length)) % all.length] ?? '';
}
