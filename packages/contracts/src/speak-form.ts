import { z } from 'zod';
import { pronunciationFields } from './dictionaries.ts';
import { asTextFields, httpUrl } from './form-fields.ts';
import { GRANULARITIES } from './options.ts';
import {
  AUTO_VOICE,
  MAX_SPEED,
  MAX_VOICE_NAME_CHARACTERS,
  MIN_SPEED,
  SPEECH_FORMATS,
  TEXT_FORMATS,
} from './speech-choices.ts';
import { LANES } from './status.ts';

const MAX_FILE_NAME_CHARACTERS = 200;

/** The JSON body of `POST /speak`. */
export const speakFormSchema = z.strictObject({
  text: z.string({ error: 'is required' }).min(1, 'is empty').meta({ description: 'What is spoken.' }),
  text_format: z.enum(TEXT_FORMATS).optional().meta({
    description: 'How it is written. Absent: `text`; of a file, as its name and its content tell.',
  }),
  voice: z.string().trim().min(1).max(MAX_VOICE_NAME_CHARACTERS).default(AUTO_VOICE).meta({
    description: 'Id of a voice (GET /voices), one of the names of OpenAI, or `auto`: the best for the language.',
  }),
  language: z
    .string()
    .trim()
    .regex(/^(auto|[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3})$/, 'must be a language such as `en` or `pt-BR`, or `auto`')
    .optional()
    .meta({ description: 'BCP 47. Absent, or `auto`: that of the voice.' }),
  speed: z
    .number()
    .min(MIN_SPEED)
    .max(MAX_SPEED)
    .default(1)
    .meta({ description: '1 is the usual speed of the voice.' }),
  ...pronunciationFields,
  timestamp_granularity: z.enum(GRANULARITIES).default('segment').meta({
    description: '`word`: each word has its time too, in JSON, captions and events. They are told after the sound.',
  }),
  response_format: z.enum(SPEECH_FORMATS).default('mp3').meta({
    description: 'Of the sound. `pcm`: 16-bit samples, 24 kHz, mono, without a header.',
  }),
  async: z.boolean().default(false).meta({ description: 'true: 202 at once, with the address of the job.' }),
  priority: z.enum(LANES).optional().meta({ description: 'Absent: interactive if somebody waits for the sound.' }),
  cancel_on_disconnect: z.boolean().default(true).meta({
    description: 'A client that leaves before the end stops the work.',
  }),
  cache: z.boolean().default(true).meta({ description: 'false: speak again, even if the same was spoken before.' }),
  file_name: z
    .string()
    .trim()
    .min(1)
    .max(MAX_FILE_NAME_CHARACTERS)
    .optional()
    .meta({ description: 'For display. Absent: that of the file, or `text.txt`.' }),
  webhook_url: httpUrl.optional().meta({
    description: 'Called when the job ends, signed according to Standard Webhooks. Requires WEBHOOK_SECRET.',
  }),
});
export type SpeakForm = z.output<typeof speakFormSchema>;
export type SpeakRequest = z.input<typeof speakFormSchema>;

/** The same as a form, whose text may be a file instead. */
export const speakFieldsSchema = asTextFields(speakFormSchema.partial({ text: true }));
