import { z } from 'zod';
import { pronunciationFields } from './dictionaries.ts';
import { AUTO_VOICE, MAX_VOICE_NAME_CHARACTERS, SPEECH_FORMATS } from './speech-choices.ts';

const MAX_DUB_VOICES = 100;
const MAX_LABEL_CHARACTERS = 200;
const voiceName = z.string().trim().min(1).max(MAX_VOICE_NAME_CHARACTERS);

/** The JSON body of `POST /jobs/{id}/dub`. */
export const dubFormSchema = z.strictObject({
  voice: voiceName.default(AUTO_VOICE).meta({ description: 'Who says what nobody else does; see POST /speak.' }),
  voices: z
    .record(z.string().max(MAX_LABEL_CHARACTERS), voiceName)
    .default({})
    .refine((voices) => Object.keys(voices).length <= MAX_DUB_VOICES, `has more than ${MAX_DUB_VOICES} speakers`)
    .meta({
      description:
        'Voices of speakers, by their id (`SPEAKER_00`) or name. All are of one engine. Absent: each speaker has a voice of their own, as far as there are any.',
    }),
  language: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}$/, 'must be a language such as `en` or `pt-BR`')
    .optional()
    .meta({ description: 'BCP 47. Absent: that of the transcript.' }),
  ...pronunciationFields,
  response_format: z.enum(SPEECH_FORMATS).default('mp3').meta({ description: 'Of the sound.' }),
  cache: z.boolean().default(true).meta({ description: 'false: speak again, even if the same was spoken before.' }),
});
export type DubForm = z.output<typeof dubFormSchema>;
export type DubRequest = z.input<typeof dubFormSchema>;

/** The JSON body of `POST /library/{id}/dub`: of an item, its recording is kept. */
export const itemDubFormSchema = dubFormSchema.extend({
  video: z.boolean().default(false).meta({
    description:
      'true: also as the first sound track of the video of its recording, to be had as `/jobs/{id}/result?format=video`.',
  }),
});
export type ItemDubForm = z.output<typeof itemDubFormSchema>;
export type ItemDubRequest = z.input<typeof itemDubFormSchema>;
