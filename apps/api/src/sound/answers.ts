import { SPEECH_FORMATS } from '@sotto/contracts';
import type { Answer } from '../http/description.ts';
import { SOUND_FORMATS } from './formats.ts';

export const soundContent = Object.fromEntries(
  SPEECH_FORMATS.map((format) => [SOUND_FORMATS[format].contentType.replace(/;.*/, ''), null]),
);

/** Sound in any format. */
export const SOUND_ANSWER: Answer = {
  description: 'The sound in the requested format, sent while it is made.',
  content: soundContent,
  headers: {
    'X-Job-Id': 'Id of the job, to fetch the result in other formats.',
    'X-Synthetic-Audio': '`true`: nobody has spoken this.',
  },
};
