import { CONTAINERS, type Container } from '@sotto/contracts';
import { MAX_ALLOC_BYTES } from './ffmpeg-arguments.ts';

/** A container that a video can be put into, and how its new sound is encoded there. */
export interface VideoTarget {
  mediaType: string;
  codec: readonly string[];
  muxer: readonly string[];
}

const words = (text: string): string[] => text.split(' ');

/**
 * Each is written without going back: MP4 in fragments, whose index comes with them. One that cannot hold the codecs of a
 * recording is refused before its first byte.
 */
const TARGETS = {
  webm: { mediaType: 'video/webm', codec: words('libopus -b:a:0 64k'), muxer: words('-f webm') },
  mp4: {
    mediaType: 'video/mp4',
    codec: words('aac -b:a:0 128k'),
    muxer: words('-movflags frag_keyframe+delay_moov+default_base_moof -frag_duration 10000000 -f mp4'),
  },
  matroska: { mediaType: 'video/x-matroska', codec: words('aac -b:a:0 128k'), muxer: words('-f matroska') },
} as const satisfies Record<string, VideoTarget>;

/** The best first: what browsers play, and what the recording is. */
export function videoTargets(container: Container): VideoTarget[] {
  const { webm, mp4, matroska } = TARGETS;
  return container === 'matroska' ? [webm, mp4, matroska] : [mp4, matroska];
}

export interface Muxing {
  path: string;
  container: Container;
  /** Of the new sound. */
  sampleRateHz: number;
  /** ISO 639-2 of the new sound and of that of the recording. */
  languages: { spoken: string; heard: string };
}

/**
 * The picture and the sound of a recording as they are, and before that sound another one, which comes in as s16le mono on stdin.
 * Only the demuxer of the container may read the file, and only local protocols. Pictures of covers are no picture.
 */
export function muxArguments({ path, container, sampleRateHz, languages }: Muxing, target: VideoTarget): string[] {
  return [
    ...words(`-hide_banner -nostdin -nostats -loglevel level+info -max_alloc ${MAX_ALLOC_BYTES} -threads 1`),
    ...words(`-protocol_whitelist file,pipe -f ${CONTAINERS[container].demuxer}`),
    '-i',
    `file:${path}`,
    ...words(`-protocol_whitelist pipe -f s16le -ar ${sampleRateHz} -ac 1 -i pipe:0`),
    ...words('-map 0:V:0 -map 1:a:0 -map 0:a:0 -map_metadata -1 -map_chapters -1 -c copy -c:a:0'),
    ...target.codec,
    '-metadata:s:a:0',
    'title=Synthetic speech',
    '-metadata',
    'comment=Synthetic speech',
    ...words(`-metadata:s:a:0 language=${languages.spoken} -metadata:s:a:1 language=${languages.heard}`),
    ...words('-disposition:a:0 default -disposition:a:1 0 -threads 1'),
    ...target.muxer,
    'pipe:1',
  ];
}
