import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wordErrors } from '@sotto/testkit';
import { WhisperModel, type WindowTranscript } from '@sotto/whisper';
import { pythonEnvironment } from '../python-environment.ts';
import { requireBase } from '../resources.ts';
import { resampled } from './resampled.ts';

const NORMALISER = 'whisper-normalizer==0.1.12';
const SCRIPT = fileURLToPath(new URL('../../python/normalise.py', import.meta.url));

export interface ReadBack {
  /** Of the words that were to be said. */
  errorRate: number;
  /** Texts without an error. */
  exact: number;
  /** Those with one, as they were heard. */
  wrong: { said: string; heard: string }[];
}

/** Whisper base as a listener. */
export class Listener {
  readonly #model: WhisperModel;
  readonly #python: string;

  private constructor(model: WhisperModel, python: string) {
    this.#model = model;
    this.#python = python;
  }

  static async open(): Promise<Listener> {
    const python = await pythonEnvironment(NORMALISER, [[NORMALISER]]);
    const path = join(await requireBase(), 'ggml-base.bin');
    const settings = { device: 'cpu', slots: 1, threads: 2, backend: 'auto' } as const;
    return new Listener(await WhisperModel.load(path, settings), python);
  }

  async hear(samples: Int16Array, sampleRateHz: number): Promise<string> {
    const heard = resampled(samples, sampleRateHz);
    return textOf(await this.#model.transcribe(heard, { language: 'en', beamSize: 1, wordTimes: false }));
  }

  /** Errors after OpenAI's normaliser on both sides. */
  compare(said: readonly string[], heard: readonly string[]): ReadBack {
    const { stdout } = spawnSync(this.#python, [SCRIPT], { input: JSON.stringify([said, heard]), encoding: 'utf8' });
    const [reference = [], hypothesis = []]: string[][] = JSON.parse(stdout);
    const each = reference.map((text, index) => wordErrors(text, hypothesis[index] ?? ''));
    const sum = (of: 'errors' | 'words') => each.reduce((total, one) => total + one[of], 0);
    return {
      errorRate: sum('errors') / sum('words'),
      exact: each.filter(({ errors }) => errors === 0).length,
      wrong: each.flatMap(({ errors }, index) =>
        errors === 0 ? [] : [{ said: reference[index] ?? '', heard: hypothesis[index] ?? '' }],
      ),
    };
  }

  close(): Promise<void> {
    return this.#model.close();
  }
}

const textOf = ({ segments }: WindowTranscript): string =>
  Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes)))
    .toString('utf8')
    .trim();
