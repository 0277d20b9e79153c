import {
  AUTO_VOICE,
  deliveryOptionsOf,
  MAX_SPEED,
  MAX_VOICE_NAME_CHARACTERS,
  MIN_SPEED,
  OPENAI_SPEECH_FORMATS,
  pronunciationFields,
  pronunciationsOf,
} from '@sotto/contracts';
import { z } from 'zod';
import type { AskedSpeech } from '../../speech/submit-text.ts';

const MAX_INSTRUCTIONS_CHARACTERS = 4096;
const name = z.string().trim().min(1).max(MAX_VOICE_NAME_CHARACTERS);

/** The JSON body of `POST /v1/audio/speech`. Fields of other servers are left alone. */
export const openAiSpeechSchema = z
  .object({
    model: z.string({ error: 'is required' }).trim().min(1, 'is required').max(100).meta({
      description: 'Any name: the voice decides which engine speaks.',
    }),
    input: z.string({ error: 'is required' }).min(1, 'is empty').meta({ description: 'What is spoken.' }),
    voice: z
      .union([name, z.object({ id: name }).transform(({ id }) => id)], {
        error: 'must be the name of a voice, or an object with its id',
      })
      .default(AUTO_VOICE)
      .meta({
        description: "One of OpenAI's names, or the id of a voice (GET /v1/audio/voices).",
        override: { type: 'string' },
      }),
    instructions: z.string().max(MAX_INSTRUCTIONS_CHARACTERS).optional().meta({
      description: 'Has no effect, which the header `Warning` says.',
    }),
    response_format: z.enum(OPENAI_SPEECH_FORMATS).default('mp3'),
    speed: z.number().min(MIN_SPEED).max(MAX_SPEED).default(1),
    stream_format: z.enum(['audio', 'sse']).default('audio'),
    ...pronunciationFields,
  })
  .meta({ id: 'OpenAiSpeech' });
export type OpenAiSpeech = z.output<typeof openAiSpeechSchema>;

export function askedSpeechOf(
  { input, voice, speed, response_format, dictionary, pronunciations = [] }: OpenAiSpeech,
  maxCharacters: number,
): AskedSpeech {
  return {
    source: { text: input },
    options: { voice, language: null, speed, textFormat: 'text', ...pronunciationsOf(pronunciations) },
    dictionary,
    delivery: { ...deliveryOptionsOf({ cancel_on_disconnect: true }), audioFormat: response_format },
    fileName: 'speech.txt',
    maxCharacters,
    textField: 'input',
  };
}

/** What was asked for and has no effect. */
export const notesOf = ({ instructions }: OpenAiSpeech): string[] =>
  (instructions ?? '') === '' ? [] : ['instructions has no effect: these voices speak as they do.'];
