import { LANGUAGES, type LanguageCode, type Transcript } from '@sotto/contracts';
import { clock } from '../captions/clock.ts';
import { paragraphs, textOf } from '../captions/sentences.ts';
import { transcriptWords } from '../captions/transcript-words.ts';
import { oneLine } from '../one-line.ts';
import { nameOf } from '../speakers/name-of.ts';
import { speakerOf } from '../speakers/said-by.ts';

/** A transcript as something to read: what md and docx have in common. */
export interface ReadableDocument {
  /** null: nobody said what the recording is called. */
  title: string | null;
  /** Language, length, model. */
  facts: string[];
  /** `time`: when its first word is said, `00:12:03`. `speaker`: who says it; null: not known. */
  paragraphs: { time: string; speaker: string | null; text: string }[];
}

export function documentOf(transcript: Transcript, title: string | undefined): ReadableDocument {
  const { language, durationMs, model } = transcript;
  return {
    title: title === undefined ? null : oneLine(title).trim() || null,
    facts: [...(language === null ? [] : [languageName(language)]), time(durationMs), model],
    paragraphs: paragraphs(transcriptWords(transcript))
      .map((sentences) => sentences.flat())
      .map((words) => ({
        time: time(words[0]?.startMs ?? 0),
        speaker: nameOf(transcript, speakerOf(words)),
        text: textOf(words),
      }))
      .filter(({ text }) => text !== ''),
  };
}

const time = (ms: number): string => clock(ms, '.').replace(/\.\d+$/, '');

const languageName = (language: string): string => LANGUAGES[language as LanguageCode] ?? language;
