import { SottoError, type Warning } from '@sotto/contracts';
import { DAMAGED_MEDIA, TRUNCATED_MEDIA } from './warnings.ts';

/** How one ffmpeg process ended, and the beginning and end of its stderr (`-loglevel level+info`). */
export interface FfmpegEnd {
  exitCode: number | null;
  stderr: string;
  /** Length of what came out. */
  decodedMs: number;
  /** Whether this container's declared length can be believed (those of mp3 and ADTS are guesses). */
  trustsDuration: boolean;
  /** The decoders of this container report frames that stand for silence as errors. */
  leavesSilenceOut: boolean;
}

/** The declared length may exceed that of the sound: encoder delay, a longer picture. */
const SHORTFALL_MS = 1500;
const SHORTFALL_RATIO = 0.03;

const NO_SOUND = /matches no streams|does not contain any stream/i;
const CUT_SHORT =
  /partial file|truncat|unexpected end|end of file|premature|moov atom not found|File ended prematurely/i;
const SILENT_FRAME =
  /^.*\[error\] (?:Corrupt bitstream|Error while decoding stream|Error submitting packet to decoder).*$/gim;
const BROKEN = /^\[(?:[^\]]* @ 0x[0-9a-f]+\] \[)?(?:error|fatal)\]/im;

/**
 * What a finished ffmpeg means: no warning, one warning (part of the recording was readable), or an error.
 * @throws SottoError no_audio_stream, undecodable_media
 */
export function judgeFfmpeg(end: FfmpegEnd): Warning[] {
  if (end.decodedMs === 0) {
    if (NO_SOUND.test(end.stderr)) throw new SottoError('no_audio_stream', 'The file has a picture but no sound.');
    if (end.exitCode !== 0) throw new SottoError('undecodable_media', reasonFor(end.stderr));
    return [];
  }
  const declaredMs = declaredDurationMs(end.stderr);
  const missingMs = end.trustsDuration && declaredMs !== null ? declaredMs - end.decodedMs : 0;
  if (missingMs > Math.max(SHORTFALL_MS, end.decodedMs * SHORTFALL_RATIO) || CUT_SHORT.test(end.stderr)) {
    return [TRUNCATED_MEDIA];
  }
  const complaints = end.leavesSilenceOut ? end.stderr.replace(SILENT_FRAME, '') : end.stderr;
  return end.exitCode !== 0 || BROKEN.test(complaints) ? [DAMAGED_MEDIA] : [];
}

function reasonFor(stderr: string): string {
  if (/moov atom not found/.test(stderr)) return 'The file has lost its index (moov); it was probably cut short.';
  if (/Decoder .* not found|Unknown decoder|could not find codec/i.test(stderr)) return 'The codec is not known here.';
  return 'The file has the look of audio or video but cannot be read.';
}

/** `Duration: 00:01:02.34, start: ...` of the first input; null for N/A. */
function declaredDurationMs(stderr: string): number | null {
  const match = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(stderr);
  if (match === null) return null;
  const [, hours, minutes, seconds] = match;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}
