import type { Segment, Transcript } from '@sotto/contracts';
import { withSpeakers } from '../src/index.ts';
import { evenWords, segmentOf, transcriptOf } from './arbitraries.ts';

function spoken(id: number, text: string, startMs: number, msPerWord: number): Segment {
  return {
    ...segmentOf(evenWords(text, startMs, msPerWord), id),
    confidence: 0.91234567,
    avgLogprob: -0.218374,
    noSpeechProb: 0.0123456,
    tokens: [400, 370, 452],
  };
}

/** Sentences short and long, an abbreviation, a sentence over two segments, a pause, markup, an hour mark. */
export const goldenTranscript: Transcript = {
  ...transcriptOf(
    [
      spoken(0, ' And so, my fellow Americans, ask not what your country can do for you,', 320, 280),
      spoken(1, ' ask what you can do for your country.', 4500, 300),
      spoken(2, ' Yes. No! Mr. Fox said: "If a < b & b < c --> a < c."', 9000, 240),
      spoken(
        3,
        ' Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft ist lang.',
        20_000,
        900,
      ),
      spoken(4, ' And a last one, well after the first hour of a long recording has gone by.', 3_600_500, 250),
    ],
    3_605_000,
  ),
  warnings: [{ code: 'truncated', detail: 'The file ends early.' }],
};

/** Characters of Chinese as Whisper's words, a full stop in the middle. */
export const chineseTranscript: Transcript = {
  ...transcriptOf(
    [
      segmentOf(
        Array.from(
          '我们今天去北京大学看朋友，然后坐地铁回家。明天早上八点我还要参加一个非常重要的国际会议。',
          (word, index) => ({
            word,
            startMs: 200 + index * 150,
            endMs: 350 + index * 150,
            confidence: 0.9,
          }),
        ),
      ),
    ],
    9_000,
  ),
  language: 'zh',
};

/** Arabic with a Latin name and a number in it. */
export const arabicTranscript: Transcript = {
  ...transcriptOf(
    [
      spoken(0, ' مرحبا بكم في نشرة الأخبار، هل سمعتم ما قالته شركة OpenAI في عام 2024؟', 100, 300),
      spoken(1, ' لا، لم نسمع شيئا.', 6_000, 300),
    ],
    8_000,
  ),
  language: 'ar',
};

/** The same, said by three people; one interrupts another, and one has a name that every format has to escape. */
export const spokenTranscript: Transcript = withSpeakers(
  goldenTranscript,
  {
    turns: [
      { startMs: 300, endMs: 6100, speaker: 0 },
      { startMs: 5700, endMs: 9900, speaker: 1 },
      { startMs: 9500, endMs: 13_000, speaker: 0 },
      { startMs: 20_000, endMs: 24_000, speaker: 2 },
      { startMs: 3_600_400, endMs: 3_604_600, speaker: 1 },
    ],
  },
  ['Anna', '<b>Ben & {Co}, --> *1*'],
);
