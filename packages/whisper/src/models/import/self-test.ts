import { availableParallelism } from 'node:os';
import { WhisperModel, type WindowTranscript } from '../../engine/model.ts';
import { refused } from './refusal.ts';

/** English speech whose text is known. */
export interface TestSpeech {
  /** 16 kHz mono, at most 30 s. */
  samples: Int16Array;
  text: string;
}

export interface SelfTest {
  /** What it heard. A model fine-tuned for another language may rightly hear something else than was said. */
  text: string;
  asSpoken: boolean;
  /** Time for this one window; the encoder's part is the same for every window of up to 30 s. */
  windowMs: number;
  /** Weights and one slot. */
  memoryBytes: number;
}

/** Spinning threads of a large machine would make a short test slower, not faster. */
const MOST_THREADS = 8;

/**
 * Loads the model into the real engine and transcribes one window with it, word times included.
 *
 * @throws SottoError `invalid_parameter` when the engine cannot use the model.
 */
export async function selfTest(path: string, speech: TestSpeech, signal?: AbortSignal): Promise<SelfTest> {
  const model = await WhisperModel.load(path, {
    device: 'auto',
    slots: 1,
    threads: Math.min(availableParallelism(), MOST_THREADS),
  }).catch((cause: Error) => {
    throw refused(`the engine cannot load it (${cause.message})`, cause);
  });
  try {
    const startedAt = performance.now();
    const window = await model.transcribe(
      speech.samples,
      { language: 'en', beamSize: 1, temperatureIncrement: 0 },
      signal ? { signal } : {},
    );
    const windowMs = performance.now() - startedAt;
    const text = textOf(window);
    const memoryBytes = model.info.weightBytes + model.info.bytesPerSlot;
    return { text, asSpoken: lettersOf(text) === lettersOf(speech.text), windowMs, memoryBytes };
  } finally {
    await model.close();
  }
}

const textOf = ({ segments }: WindowTranscript): string =>
  Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes)))
    .toString('utf8')
    .trim();

const lettersOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
