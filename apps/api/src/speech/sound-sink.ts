import type { SpeechFormat } from '@sotto/contracts';
import type { Logger } from '@sotto/runtime';
import type { Response } from 'express';
import { noteBroken } from '../http/note-broken.ts';
import { SOUND_FORMATS } from '../sound/formats.ts';
import { SYNTHETIC, writeTo } from '../sound/send-sound.ts';
import type { SoundSink } from './stream-speech.ts';

/** The answer is the sound. One that breaks off is cut: no length was promised, and there is no place to say why. */
export function plainSink(response: Response, format: SpeechFormat, idleMs: number, logger: Logger): SoundSink {
  return {
    open: () => {
      response.status(200).type(SOUND_FORMATS[format].contentType);
      response.set({ ...SYNTHETIC, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    },
    write: (bytes) => writeTo(response, bytes, idleMs),
    end: () => response.end(),
    fail: (error) => {
      noteBroken(response, error, logger);
      response.destroy();
    },
  };
}
