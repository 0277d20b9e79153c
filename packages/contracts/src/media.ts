/**
 * Containers this service takes, by their usual extension; `demuxer` is ffmpeg's name for the only demuxer that may
 * read such a file, so that a playlist or script in disguise is never followed.
 */
export const CONTAINERS = {
  mp3: { demuxer: 'mp3', mimeTypes: ['audio/mpeg', 'audio/mp3'] },
  wav: { demuxer: 'wav', mimeTypes: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'] },
  ogg: { demuxer: 'ogg', mimeTypes: ['audio/ogg', 'video/ogg', 'application/ogg', 'audio/opus'] },
  flac: { demuxer: 'flac', mimeTypes: ['audio/flac', 'audio/x-flac'] },
  aac: { demuxer: 'aac', mimeTypes: ['audio/aac', 'audio/aacp', 'audio/x-aac'] },
  /** ISO media: m4a, mp4, mov and their kin share one demuxer. */
  mp4: {
    demuxer: 'mov',
    mimeTypes: [
      'audio/mp4',
      'audio/m4a',
      'audio/x-m4a',
      'video/mp4',
      'video/quicktime',
      'audio/3gpp',
      'video/3gpp',
      'video/x-m4v',
    ],
  },
  /** ASF: wma, wmv. */
  asf: { demuxer: 'asf', mimeTypes: ['audio/x-ms-wma', 'video/x-ms-wmv', 'video/x-ms-asf'] },
  /** Matroska: webm, mkv, mka. */
  matroska: { demuxer: 'matroska', mimeTypes: ['video/webm', 'audio/webm', 'video/x-matroska', 'audio/x-matroska'] },
  avi: { demuxer: 'avi', mimeTypes: ['video/x-msvideo', 'video/avi', 'video/vnd.avi'] },
  flv: { demuxer: 'flv', mimeTypes: ['video/x-flv'] },
  /** No container at all: 16 kHz mono 16-bit samples, little endian. Never recognised, only said to be so. */
  pcm: { demuxer: 's16le', mimeTypes: [] },
} as const satisfies Record<string, { demuxer: string; mimeTypes: readonly string[] }>;

export type Container = keyof typeof CONTAINERS;

export const CONTAINER_NAMES = Object.keys(CONTAINERS) as [Container, ...Container[]];

/** Extensions of the owner's specification (4.3) and their near kin; a declared one outside this list is refused. */
export const MEDIA_EXTENSIONS = [
  ...['mp3', 'wav', 'ogg', 'oga', 'opus', 'flac', 'm4a', 'aac', 'wma'],
  ...['mp4', 'webm', 'avi', 'mov', 'mkv', 'flv', 'm4v', 'mpga', 'mpeg', 'mka', 'weba', 'wmv', '3gp', 'ogv'],
] as const;

/** The sentence the specification gives clients whose file is refused. */
export const SUPPORTED_FORMATS_TEXT =
  'Supported formats: mp3, wav, ogg, flac, m4a, aac, wma, mp4, webm, avi, mov, mkv, flv';
