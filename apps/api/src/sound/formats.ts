import type { SpeechFormat } from '@sotto/contracts';
import { wavHeaderOf } from '../uploads/wav-header.ts';

/** How sound is sent. */
export interface SoundFormat {
  contentType: string;
  extension: string;
  /** What ffmpeg is told; null: it is not needed. */
  ffmpeg: readonly string[] | null;
  /** The encoder of ffmpeg that it takes; null: any ffmpeg has it. */
  encoder: string | null;
}

/** OpenAI's `pcm` has this rate, and so has ours. */
export const PCM_RATE_HZ = 24_000;

/** Said in the file wherever it has a place for it (EU AI Act, article 50). */
export const COMMENT = 'Synthetic speech';
const MARK = ['-metadata', `comment=${COMMENT}`, '-metadata', 'encoded_by=Sotto'];

const words = (text: string): string[] => text.split(' ');

export const SOUND_FORMATS: Record<SpeechFormat, SoundFormat> = {
  mp3: {
    contentType: 'audio/mpeg',
    extension: 'mp3',
    // A header of Xing counts frames, which nobody knows before the end.
    ffmpeg: [...MARK, ...words('-c:a libmp3lame -b:a 96k -id3v2_version 3 -write_xing 0 -f mp3')],
    encoder: 'libmp3lame',
  },
  opus: {
    contentType: 'audio/ogg',
    extension: 'opus',
    // Pages of a tenth of a second: with the usual second, players begin a second later.
    ffmpeg: [...MARK, ...words('-c:a libopus -b:a 48k -page_duration 100000 -f ogg')],
    encoder: 'libopus',
  },
  aac: {
    contentType: 'audio/aac',
    extension: 'aac',
    ffmpeg: [...MARK, ...words('-c:a aac -b:a 96k -f adts -write_id3v2 1')],
    encoder: 'aac',
  },
  flac: {
    contentType: 'audio/flac',
    extension: 'flac',
    ffmpeg: [...MARK, ...words('-c:a flac -sample_fmt s16 -f flac')],
    encoder: 'flac',
  },
  m4b: {
    contentType: 'audio/mp4',
    extension: 'm4b',
    // The container is ours: see m4b/m4b.ts.
    ffmpeg: words('-c:a aac -b:a 64k -f adts'),
    encoder: 'aac',
  },
  wav: { contentType: 'audio/wav', extension: 'wav', ffmpeg: null, encoder: null },
  pcm: {
    contentType: `audio/pcm;rate=${PCM_RATE_HZ};channels=1`,
    extension: 'pcm',
    ffmpeg: words(`-c:a pcm_s16le -ar ${PCM_RATE_HZ} -f s16le`),
    encoder: 'pcm_s16le',
  },
};

/** The header of what is sent as WAV. @param soundBytes null: nobody knows yet */
export const spokenWavHeader = (sampleRate: number, soundBytes: number | null): Buffer =>
  wavHeaderOf({ encoding: 'linear16', sampleRate, channels: 1 }, soundBytes, COMMENT);
