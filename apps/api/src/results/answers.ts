import {
  wireLanguageSchema,
  wireSpeechSchema,
  wireTranscriptSchema,
  wireVerboseTranscriptSchema,
} from '@sotto/contracts';
import { FORMATS } from '@sotto/transcript';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';
import { soundContent } from '../sound/answers.ts';
import { videoContent } from './video-types.ts';

const textFormats = Object.fromEntries(
  Object.values(FORMATS).map(({ contentType }) => [contentType.replace(/;.*/, ''), null]),
);

/** A transcript in any of its shapes. */
export const transcriptAnswers: Answer = {
  description: 'The transcript in the requested format.',
  content: { ...textFormats, 'application/json': z.union([wireTranscriptSchema, wireVerboseTranscriptSchema]) },
};

/** What any kind of job made. */
export const resultAnswers: Answer = {
  description: 'The transcript or the sound in the requested format, the detected language, or a file.',
  content: {
    ...textFormats,
    ...soundContent,
    ...videoContent,
    'application/octet-stream': null,
    'application/json': z.union([
      wireTranscriptSchema,
      wireVerboseTranscriptSchema,
      wireLanguageSchema,
      wireSpeechSchema,
    ]),
  },
};

export const partAnswer: Answer = {
  description: 'The part of a file, or of sound, that the `Range` header asks for.',
  content: { 'application/octet-stream': null, 'audio/wav': null, 'audio/pcm': null, ...videoContent },
  headers: { 'Content-Range': 'Which bytes these are, and of how many.' },
};
