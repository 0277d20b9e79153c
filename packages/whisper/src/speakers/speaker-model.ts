import { SPEAKER_MODEL_FACTS } from '@sotto/contracts';

/**
 * pyannote's speaker-diarization-community-1: the segmentation network and WeSpeaker's ResNet34, as Moonshine AI quantised them to
 * int8 and put them into the library of their Python package, one after the other. The file is that slice as it is.
 */
export const SPEAKER_MODEL = {
  ...SPEAKER_MODEL_FACTS,
  file: 'community-1.speakers',
  bytes: 8_570_032,
  sha256: '1e35e52d66b78d06536b919da874b11bd38bf326c133b16783637e05f75fcb11',
  wheel: {
    package: 'moonshine-voice',
    version: '0.1.0',
    platform: 'manylinux_2_34_x86_64',
    bytes: 56_369_045,
    sha256: '0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916',
  },
  library: { path: 'moonshine_voice/libmoonshine.so', bytes: 42_375_360, offset: 10_869_184 },
} as const;
