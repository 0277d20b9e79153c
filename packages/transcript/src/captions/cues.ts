import { type CaptionOptions, DEFAULT_CAPTION_OPTIONS, type Transcript, type Word } from '@sotto/contracts';
import { saidBy, speakerOf } from '../speakers/said-by.ts';
import { captionWords } from './caption-words.ts';
import type { Cue } from './cue.ts';
import { divide, extent, joinShort } from './divide.ts';
import { balance } from './lines.ts';
import { sentences, textOf } from './sentences.ts';
import { settleCues } from './timing.ts';
import { transcriptWords } from './transcript-words.ts';

/** Captions sentence by sentence; long ones divided where it reads best; words never broken. */
export function shapeCues(transcript: Transcript, options: CaptionOptions = DEFAULT_CAPTION_OPTIONS): Cue[] {
  const parts = sentences(captionWords(transcript)).flatMap((sentence) => divide(sentence, options));
  const cues = joinShort(parts, options).map((words) => cueOf(words, balance(words, options.maxLineWidth)));
  return settleCues(inTime(cues.filter(isSeen)), transcript.durationMs, options);
}

/** One cue per word. */
export function wordCues(transcript: Transcript, options: CaptionOptions = DEFAULT_CAPTION_OPTIONS): Cue[] {
  const cues = transcriptWords(transcript).map((word) => cueOf([word], [[word]]));
  return settleCues(inTime(cues.filter(isSeen)), transcript.durationMs, {
    ...options,
    minCueMs: 0,
    maxCharactersPerSecond: null,
  });
}

function cueOf(words: readonly Word[], lines: Word[][]): Cue {
  return { ...extent(words), ...saidBy(speakerOf(words)), lines: lines.map(textOf), words: lines };
}

/** Where people talk at once, what one of them says begins before another has ended. */
const inTime = (cues: readonly Cue[]): Cue[] => cues.toSorted((a, b) => a.startMs - b.startMs);

const isSeen = ({ lines }: Cue): boolean => lines.some((line) => line !== '');
