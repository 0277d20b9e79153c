import type { LanguageResult, Transcript } from '@sotto/contracts';
import { renderTranscript, toWireVerbose } from '@sotto/transcript';
import { z } from 'zod';
import type { Renderer } from '../results/renderer.ts';
import { type AsrOptions, languageName } from './form.ts';

export const detectionSchema = z
  .object({ detected_language: z.string(), language_code: z.string(), confidence: z.number() })
  .meta({ id: 'DetectedLanguage' });

/** What /asr says, in openai/whisper's own shapes where it has them. */
export const asrRenderer: Renderer<Pick<AsrOptions, 'output' | 'wordTimestamps'>> = {
  name: 'asr',
  render: (transcript, { output, wordTimestamps }) => {
    switch (output) {
      case 'txt':
        return transcript.segments.map(({ text }) => `${text.trim()}\n`).join('');
      case 'json':
        return JSON.stringify(jsonOf(transcript, wordTimestamps));
      default:
        return renderTranscript(transcript, output, { granularity: 'segment' }).body;
    }
  },
};

function jsonOf(transcript: Transcript, wordTimestamps: boolean) {
  const segments = toWireVerbose(transcript).segments.map(
    ({ confidence: _c, flags: _f, words, ...segment }, index) => ({
      ...segment,
      text: transcript.segments[index]?.text ?? segment.text,
      ...(wordTimestamps && {
        words: words.map(({ word, start, end, confidence, speaker }, at) => ({
          word: transcript.segments[index]?.words[at]?.word ?? word,
          start,
          end,
          probability: confidence,
          ...(speaker !== undefined && { speaker }),
        })),
      }),
    }),
  );
  return { text: transcript.text, segments, language: transcript.language };
}

/** Without speech there is no language: `und`, which Bazarr knows. */
export function detectionOf({ language, languageProbability }: LanguageResult): z.infer<typeof detectionSchema> {
  if (language === null) return { detected_language: 'undetermined', language_code: 'und', confidence: 0 };
  return {
    detected_language: languageName(language),
    language_code: language,
    // A model of one language gives no probability.
    confidence: languageProbability ?? 1,
  };
}
