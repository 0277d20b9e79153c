import { seededRandom } from './pcm.ts';

/** The most frequent ones of English, in order. */
export const FREQUENT_WORDS: readonly string[] = (
  'the of and to a in that is was he for it with as his on be at by I this had not are but from or have an they which one ' +
  'you were her all she there would their we him been has when who will more no if out so said what up its about into than ' +
  'them can only other new some could time these two may then do first any my now such like our over man me even most made ' +
  'after also did many before must through back year where much your way well down should because each just those people ' +
  'how too little state good very make world still own see men work long get here between both life being under never day ' +
  'same another know while last might us great old off come since against go came right used take three question answer ' +
  'meeting project report number system problem result service transcript recording window talk listen remember change ' +
  'morning evening country water history language government family different example important together possible'
).split(' ');
const ENDINGS = ['', '', '', '', 's', 'ed', 'ing', 'er', 'ly', ',', '.'];

const WORDS_PER_MINUTE = 150;
const WORDS_PER_SEGMENT = 11;

/**
 * A transcript as one of so many hours of talk would be, in size and in shape: 150 words a minute, frequent words more often
 * than rare ones, probabilities with all the digits that the engine gives them. The same seed gives the same one. Ten hours
 * are about 11 MB of JSON.
 */
export function longTranscript(hours: number, seed = 1) {
  const random = seededRandom(seed);
  const count = Math.round((hours * 60 * WORDS_PER_MINUTE) / WORDS_PER_SEGMENT);
  const place = { atMs: 0 };
  const segments = Array.from({ length: count }, (_, id) => segmentAt(place, id, random));
  return {
    text: segments
      .map(({ text }) => text)
      .join('')
      .trim(),
    language: 'en',
    languageProbability: probability(random),
    durationMs: place.atMs + 500,
    segments,
    dropped: [],
    model: 'tiny.en',
    task: 'transcribe' as const,
    processingMs: Math.round(hours * 60_000),
    warnings: [{ code: 'model', detail: 'This was not said: it is made up.' }],
  };
}

function segmentAt(place: { atMs: number }, id: number, random: () => number) {
  place.atMs += Math.round(random() * 800);
  const words = Array.from({ length: WORDS_PER_SEGMENT }, () => wordAt(place, random));
  return {
    id,
    startMs: words[0]?.startMs ?? 0,
    endMs: place.atMs,
    text: words.map(({ word }) => word).join(''),
    confidence: probability(random),
    avgLogprob: -random(),
    noSpeechProb: Math.fround(random() ** 8),
    compressionRatio: 1 + random(),
    temperature: 0,
    tokens: words.flatMap(({ word }) => tokensOf(word)),
    words,
    flags: [],
  };
}

function wordAt(place: { atMs: number }, random: () => number) {
  const pauseMs = random() < 0.3 ? 10 * Math.round(random() * 20) : 0;
  const startMs = place.atMs + pauseMs;
  place.atMs = startMs + 10 * Math.round(12 + random() * 45);
  return {
    word: ` ${chosen(FREQUENT_WORDS, random)}${chosen(ENDINGS, random)}`,
    startMs,
    endMs: place.atMs,
    confidence: probability(random),
  };
}

/** The first ones far more often. */
function chosen(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() ** 2 * words.length)] ?? '';
}

/** Half of them above 0.94, and floats of the engine's, so with seventeen digits as JSON. */
const probability = (random: () => number): number => Math.fround(1 - random() ** 4);

/** One or two, always the same for the same word. */
function tokensOf(word: string): number[] {
  const hash = [...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 50_000, 7);
  return word.length > 7 ? [hash, hash % 997] : [hash];
}
