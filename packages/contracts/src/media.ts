/**
 * Containers this service takes. `demuxer` is ffmpeg's name for the only demuxer that may read such a file, so that a
 * playlist or script in disguise is never followed: no demuxer listed here opens another file. `extensions` are the
 * usual ones; the first is the best known.
 */
export const CONTAINERS = {
  mp3: { title: 'MPEG audio (layers II and III)', demuxer: 'mp3', extensions: ['mp3', 'mp2', 'mpga', 'mpa', 'm2a'] },
  wav: { title: 'WAV (also RF64, BW64)', demuxer: 'wav', extensions: ['wav', 'wave', 'bwf'] },
  ogg: {
    title: 'Ogg (Vorbis, Opus, Speex, FLAC)',
    demuxer: 'ogg',
    extensions: ['ogg', 'oga', 'opus', 'spx', 'ogv', 'ogx'],
  },
  flac: { title: 'FLAC', demuxer: 'flac', extensions: ['flac'] },
  aac: { title: 'AAC (ADTS)', demuxer: 'aac', extensions: ['aac', 'adts'] },
  ac3: { title: 'AC-3', demuxer: 'ac3', extensions: ['ac3'] },
  eac3: { title: 'E-AC-3', demuxer: 'eac3', extensions: ['eac3', 'ec3'] },
  aiff: { title: 'AIFF', demuxer: 'aiff', extensions: ['aiff', 'aif', 'aifc'] },
  caf: { title: 'Core Audio', demuxer: 'caf', extensions: ['caf'] },
  au: { title: 'Sun and NeXT audio', demuxer: 'au', extensions: ['au', 'snd'] },
  w64: { title: 'Sony Wave64', demuxer: 'w64', extensions: ['w64'] },
  amr: { title: 'AMR, narrowband and wideband', demuxer: 'amr', extensions: ['amr', 'awb'] },
  mp4: {
    title: 'MPEG-4, QuickTime, 3GPP',
    demuxer: 'mov',
    extensions: ['mp4', 'm4a', 'm4b', 'm4r', 'm4v', 'mov', 'qt', '3gp', '3gpp', '3g2', '3ga', 'f4v', 'f4a'],
  },
  asf: { title: 'Windows Media', demuxer: 'asf', extensions: ['wma', 'wmv', 'asf'] },
  matroska: { title: 'Matroska, WebM', demuxer: 'matroska', extensions: ['mkv', 'webm', 'mka', 'weba'] },
  avi: { title: 'AVI', demuxer: 'avi', extensions: ['avi'] },
  flv: { title: 'Flash video', demuxer: 'flv', extensions: ['flv'] },
  mpegts: { title: 'MPEG transport stream', demuxer: 'mpegts', extensions: ['ts', 'm2ts', 'mts', 'm2t'] },
  mpegps: { title: 'MPEG program stream', demuxer: 'mpeg', extensions: ['mpg', 'mpeg', 'vob'] },
  /** No container at all: 16 kHz mono 16-bit samples, little endian. Never recognised, only said to be so. */
  pcm: { title: 'bare samples', demuxer: 's16le', extensions: [] },
} as const satisfies Record<string, { title: string; demuxer: string; extensions: readonly string[] }>;

export type Container = keyof typeof CONTAINERS;

/** What workers of protocol 1 read; they fail at others. See WORKER_PROTOCOL. */
export const PROTOCOL_1_CONTAINERS: readonly Container[] = [
  'mp3',
  'wav',
  'ogg',
  'flac',
  'aac',
  'mp4',
  'asf',
  'matroska',
  'avi',
  'flv',
  'pcm',
];

export const CONTAINER_NAMES = Object.keys(CONTAINERS) as [Container, ...Container[]];

/** A declared extension outside this list is refused; which container a file has is for its content to say. */
export const MEDIA_EXTENSIONS: readonly string[] = Object.values(CONTAINERS).flatMap(({ extensions }) => extensions);

/** The sentence for clients whose file is refused. */
export const SUPPORTED_FORMATS_TEXT = `Supported formats: ${MEDIA_EXTENSIONS.join(', ')}`;
