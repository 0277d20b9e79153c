import { CONTAINERS, type Container } from '@sotto/contracts';
import ffmpeg from 'fluent-ffmpeg';
import { SAMPLE_RATE } from './pcm.ts';

/** Largest single allocation of ffmpeg; a header that asks for more lies. */
export const MAX_ALLOC_BYTES = 256 * 1024 * 1024;

/**
 * Telephones send next to nothing while nobody speaks (discontinuous transmission). ffmpeg counts those frames as
 * errors and leaves them out; silence must take their place, or everything after them would be too early.
 */
export const LEAVES_SILENCE_OUT: ReadonlySet<Container> = new Set(['amr']);

/**
 * The arguments of one decoding: a WAV file of 32-bit floats at 16 kHz on stdout, whose header tells the number of channels;
 * one, unless they are to stay apart. Floats, because ffmpeg turns NaN into full
 * scale when it makes integers. Only the demuxer of the sniffed container and only local protocols may read, so a
 * playlist or script in disguise is never followed. fluent-ffmpeg only composes the arguments: it would pass the
 * environment on and ask ffmpeg for its formats first, so the process is started by FfmpegProcess.
 * @param maxDurationMs the longest output accepted; one second more is decoded, so that a longer recording is noticed.
 */
export function decodeArguments(
  path: string,
  container: Container,
  { maxDurationMs, isSplit }: { maxDurationMs: number; isSplit: boolean },
): string[] {
  const command = ffmpeg(`file:${path}`)
    .inputOptions(['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info'])
    .inputOptions(['-max_alloc', String(MAX_ALLOC_BYTES), '-threads', '1'])
    .inputOptions(['-protocol_whitelist', 'file,pipe', '-f', CONTAINERS[container].demuxer])
    .outputOptions(['-map', '0:a:0', '-map_metadata', '-1', '-threads', '1', '-t', String(maxDurationMs / 1000 + 1)])
    .noVideo()
    .audioFrequency(SAMPLE_RATE)
    .audioCodec('pcm_f32le')
    .format('wav')
    .output('pipe:1');
  if (!isSplit) command.audioChannels(1);
  if (LEAVES_SILENCE_OUT.has(container)) command.inputOptions('-max_error_rate', '1').audioFilters('aresample=async=1');
  return command._getArguments();
}
