import OpenAI, { type ClientOptions, toFile } from 'openai';
import { openAiErrorSchema } from '../../src/openai/errors.ts';
import type { SpokenRecording } from './recordings.ts';
import { transcribe } from './replies.ts';

export const model = 'whisper-1';

/** OpenAI's own client, which asks once. */
export function clientOf(url: string, options: ClientOptions = {}): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-anything', maxRetries: 0, ...options });
}

export const file = (spoken: Pick<SpokenRecording, 'wav'>, name = 'speech.wav') => toFile(spoken.wav, name);

/** By the service's own API: the dialect must say the very same. */
export async function heardText(url: string, spoken: SpokenRecording): Promise<string> {
  return String((await transcribe(url, { bytes: spoken.wav })).json?.text);
}

/** The error a call rejects with. */
export async function refused(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error(`Not refused by the service: ${String(error)}`);
  openAiErrorSchema.parse({ error: error.error });
  return error;
}
