import type { Logger } from '@sotto/runtime';
import type { Response } from 'express';
import { z } from 'zod';
import { SSE_HEADERS, sseText } from '../../events/sse.ts';
import { noteBroken } from '../../http/note-broken.ts';
import { SYNTHETIC, writeTo } from '../../sound/send-sound.ts';
import type { SoundSink } from '../../speech/stream-speech.ts';
import { openAiError, openAiErrorSchema } from '../errors.ts';

/** The `data` of the messages of `stream_format=sse`. */
export const speechMessageSchema = z
  .union([
    z.object({ type: z.literal('speech.audio.delta'), audio: z.string().meta({ description: 'Base64.' }) }),
    z.object({
      type: z.literal('speech.audio.done'),
      usage: z.object({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() }),
    }),
    openAiErrorSchema,
  ])
  .meta({ id: 'OpenAiSpeechMessage' });
type Message = z.infer<typeof speechMessageSchema>;

export interface SseSinkOptions {
  idleMs: number;
  logger: Logger;
  /** Of the text: this service counts in them, not in tokens. */
  characters: number;
}

/** Sound as OpenAI streams it in events. */
export function sseSink(response: Response, { idleMs, logger, characters }: SseSinkOptions): SoundSink {
  const send = (data: Message) => writeTo(response, sseText({ data }), idleMs);
  return {
    open: () => {
      response.status(200).set({ ...SYNTHETIC, ...SSE_HEADERS });
    },
    write: (bytes) => send({ type: 'speech.audio.delta', audio: Buffer.from(bytes).toString('base64') }),
    end: () => {
      const usage = { input_tokens: characters, output_tokens: 0, total_tokens: characters };
      response.end(sseText({ data: { type: 'speech.audio.done', usage } satisfies Message }));
    },
    fail: (error) => {
      noteBroken(response, error, logger);
      response.end(sseText({ data: { error: openAiError(error) } satisfies Message }));
    },
  };
}
