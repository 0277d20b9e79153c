import { ffmpeg, mustRun } from './command.ts';

export interface SpeechFormat {
  extension: string;
  /** As CONTAINERS of @sotto/contracts names it. */
  container: string;
  /** How ffmpeg, or sox where it says so, codes the sound. */
  sound: readonly string[];
  /** How ffmpeg codes a picture beside it, where such files usually have one. */
  picture?: readonly string[];
  /** What ffmpeg has no encoder for. */
  program?: 'sox';
  /** The codec keeps what is said, not the shape of the wave. */
  isVocoder?: boolean;
}

/** One kind of file each of what the service takes. AMR wideband is not among them: nothing here encodes it. */
export const SPEECH_FORMATS = [
  { extension: 'mp3', container: 'mp3', sound: ['-ar', '44100', '-ac', '2', '-b:a', '128k'] },
  { extension: 'mp2', container: 'mp3', sound: ['-c:a', 'mp2', '-ar', '44100', '-b:a', '160k'] },
  { extension: 'wav', container: 'wav', sound: ['-ar', '44100', '-ac', '2'] },
  { extension: 'ogg', container: 'ogg', sound: ['-c:a', 'libvorbis', '-ar', '44100', '-b:a', '96k'] },
  { extension: 'opus', container: 'ogg', sound: ['-c:a', 'libopus', '-b:a', '64k'] },
  { extension: 'spx', container: 'ogg', sound: ['-c:a', 'libspeex', '-ar', '16000', '-b:a', '42k'], isVocoder: true },
  { extension: 'flac', container: 'flac', sound: ['-ar', '48000'] },
  { extension: 'aac', container: 'aac', sound: ['-c:a', 'aac', '-ar', '44100', '-b:a', '96k'] },
  { extension: 'ac3', container: 'ac3', sound: ['-c:a', 'ac3', '-ar', '44100', '-b:a', '128k'] },
  { extension: 'eac3', container: 'eac3', sound: ['-c:a', 'eac3', '-ar', '48000', '-b:a', '128k'] },
  { extension: 'aiff', container: 'aiff', sound: ['-ar', '44100'] },
  { extension: 'aifc', container: 'aiff', sound: ['-c:a', 'pcm_mulaw', '-f', 'aiff', '-ar', '48000'] },
  { extension: 'caf', container: 'caf', sound: ['-c:a', 'alac', '-ar', '44100'] },
  { extension: 'au', container: 'au', sound: ['-c:a', 'pcm_s16be', '-ar', '44100'] },
  { extension: 'w64', container: 'w64', sound: ['-ar', '44100', '-ac', '2'] },
  { extension: 'amr', container: 'amr', program: 'sox', sound: ['-t', 'amr-nb', '-C', '7'], isVocoder: true },
  { extension: 'm4a', container: 'mp4', sound: ['-c:a', 'aac', '-ar', '44100', '-b:a', '96k'] },
  { extension: 'm4b', container: 'mp4', sound: ['-c:a', 'aac', '-b:a', '96k'] },
  { extension: 'mp4', container: 'mp4', sound: ['-c:a', 'aac', '-b:a', '96k'], picture: ['-c:v', 'mpeg4'] },
  { extension: 'mov', container: 'mp4', sound: ['-c:a', 'pcm_s16le', '-ar', '48000'], picture: ['-c:v', 'mpeg4'] },
  { extension: 'wma', container: 'asf', sound: ['-c:a', 'wmav2', '-ar', '44100', '-b:a', '96k'] },
  {
    extension: 'wmv',
    container: 'asf',
    sound: ['-c:a', 'wmav2', '-ar', '44100', '-b:a', '96k'],
    picture: ['-c:v', 'wmv2'],
  },
  { extension: 'mkv', container: 'matroska', sound: ['-c:a', 'flac'], picture: ['-c:v', 'mpeg4'] },
  { extension: 'webm', container: 'matroska', sound: ['-c:a', 'libopus', '-b:a', '64k'], picture: ['-c:v', 'libvpx'] },
  {
    extension: 'avi',
    container: 'avi',
    sound: ['-c:a', 'libmp3lame', '-ar', '44100', '-b:a', '128k'],
    picture: ['-c:v', 'mpeg4'],
  },
  {
    extension: 'flv',
    container: 'flv',
    sound: ['-c:a', 'libmp3lame', '-ar', '44100', '-b:a', '128k'],
    picture: ['-c:v', 'flv'],
  },
  {
    extension: 'ts',
    container: 'mpegts',
    sound: ['-c:a', 'aac', '-b:a', '96k', '-f', 'mpegts'],
    picture: ['-r', '25', '-c:v', 'mpeg2video'],
  },
  {
    extension: 'm2ts',
    container: 'mpegts',
    sound: ['-c:a', 'ac3', '-ar', '48000', '-b:a', '128k', '-f', 'mpegts', '-mpegts_m2ts_mode', '1'],
    picture: ['-r', '25', '-c:v', 'mpeg2video'],
  },
  {
    extension: 'mpg',
    container: 'mpegps',
    sound: ['-c:a', 'mp2', '-ar', '44100', '-b:a', '160k'],
    picture: ['-r', '25', '-c:v', 'mpeg1video'],
  },
  {
    extension: 'vob',
    container: 'mpegps',
    sound: ['-c:a', 'ac3', '-ar', '48000', '-b:a', '128k'],
    picture: ['-r', '25', '-c:v', 'mpeg2video'],
  },
] as const satisfies readonly SpeechFormat[];

const TEST_PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=96x64:rate=5', '-shortest'];

/** Writes the sound of a WAV file in that format; with a picture where it is wanted and usual. */
export async function writeInFormat(
  format: SpeechFormat,
  wav: string,
  path: string,
  { withPicture = false } = {},
): Promise<void> {
  const { sound, picture, program } = format;
  if (program === 'sox') {
    await mustRun('sox', ['-V1', '-D', wav, '-r', '8000', ...sound, path]);
  } else if (withPicture && picture !== undefined) {
    await ffmpeg('-i', wav, ...TEST_PICTURE, ...picture, ...sound, path);
  } else {
    await ffmpeg('-i', wav, ...sound, path);
  }
}
