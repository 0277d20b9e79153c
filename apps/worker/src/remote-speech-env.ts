import { REMOTE_AUTO } from '@sotto/contracts';
import { envChoice, envInteger, envList, envNumber, envText, envUrl } from '@sotto/runtime';
import { z } from 'zod';

const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}$/;

/** Settings of another server that speaks. */
export const remoteSpeechEnv = {
  SPEECH_REMOTE_URL: envUrl('http', 'https')
    .refine(hasNoPassword, 'must not contain a user name or password')
    .optional()
    .meta({
      description:
        "Another server that speaks as OpenAI's does, such as `https://api.openai.com/v1`: texts with its voices are sent there (docs/voices.md). Without it, none leaves.",
    }),
  SPEECH_REMOTE_API_KEY: envText().optional().meta({ description: 'Its key, if it wants one.', secret: true }),
  SPEECH_REMOTE_MODEL: envText().default('tts-1').meta({ description: 'The model that it is asked for.' }),
  SPEECH_REMOTE_VOICES: envList().default([]).meta({
    description:
      "Its voices, some perhaps with their languages: `alloy,anna=de+en`. If empty, those that it lists, or OpenAI's where it has no list.",
  }),
  SPEECH_REMOTE_LANGUAGES: envList()
    .transform((languages) => languages.map((language) => language.toLowerCase()))
    .pipe(z.array(z.string().regex(LANGUAGE, 'must be languages such as `en` or `pt-br`')).min(1, 'must not be empty'))
    .default(['en'])
    .meta({ description: 'What its voices speak, where neither it nor their names say.' }),
  SPEECH_REMOTE_AUTO: envChoice(REMOTE_AUTO).default('fallback').meta({
    description:
      'Texts that name no voice: `fallback` sends those that nothing here has the language of, `prefer` all, `never` none.',
  }),
  SPEECH_REMOTE_FORMAT: envChoice(['pcm', 'wav'])
    .default('pcm')
    .meta({ description: 'What it is asked for: `pcm`, samples alone, or `wav`. 16 bits, mono.' }),
  SPEECH_REMOTE_SAMPLE_RATE: envInteger(8_000, 48_000)
    .default(24_000)
    .meta({ description: "The rate of what it sends. 24000 is OpenAI's." }),
  SPEECH_REMOTE_TIMEOUT: envNumber(0.1, 60).default(30).meta({
    description: 'Seconds it has for a piece of a text, of a few hundred characters.',
  }),
  SPEECH_REMOTE_MONTHLY_CHARACTERS: envInteger(0).default(0).meta({
    description:
      'Characters that all workers together send it in a month (UTC); after that, its voices do not speak. 0: no limit.',
  }),
};

/** It would stand in logs, and nobody sends it: its key is a setting of its own. */
function hasNoPassword(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

export type RemoteSpeechSettings = z.output<z.ZodObject<typeof remoteSpeechEnv>>;
