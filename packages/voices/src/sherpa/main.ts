import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { FromProcess, ProcessSetup, Reference, SpeakRequest, ToProcess } from './protocol.ts';
import { blendedVoicesFile } from './voices-file.ts';

/**
 * The process that an engine of sherpa-onnx runs in. It is one of its own because sherpa-onnx ends the whole process when a file is not as
 * it should be, and because it contains espeak-ng, whose GPL must not reach ours. It imports nothing of the rest.
 */

interface GenerationConfig {
  sid: number;
  speed: number;
  silenceScale: number;
  extra?: { lang: string };
  referenceAudio?: Float32Array;
  referenceSampleRate?: number;
  referenceText?: string;
  numSteps?: number;
}

/** The part of sherpa-onnx-node's `OfflineTts` that is used here; its package has no types that TypeScript finds. */
interface OfflineTts {
  generateAsync(request: {
    text: string;
    generationConfig: GenerationConfig;
    enableExternalBuffer: boolean;
    onProgress(progress: unknown): 0 | 1;
  }): Promise<{ samples: Float32Array; sampleRate: number }>;
}
interface SherpaOnnx {
  OfflineTts: { createAsync(config: object): Promise<OfflineTts> };
}

const stopped = new Set<number>();
let tts: OfflineTts | null = null;

process.on('message', (message: ToProcess) => {
  if (message.kind === 'setup') void answer(null, () => load(message.setup));
  else if (message.kind === 'stop') stopped.add(message.id);
  else void answer(message.request.id, () => speak(message.request));
});
// Whoever asked is gone, by whatever way: a sentence half-made is of use to nobody.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C reaches all processes of a terminal; it is the parent that decides what is still spoken.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

async function answer(id: number | null, work: () => Promise<FromProcess>): Promise<void> {
  const message = await work().catch((error: Error): FromProcess => ({ kind: 'failed', id, reason: error.message }));
  process.send?.(message);
}

async function load(setup: ProcessSetup): Promise<FromProcess> {
  const sherpa: SherpaOnnx = createRequire(join(setup.package, 'package.json'))('./sherpa-onnx.js');
  const { kokoro } = setup.model;
  const voices = setup.voicesFile && (await blendedVoicesFile(setup.voicesFile, setup.blends));
  const model = kokoro && voices ? { kokoro: { ...kokoro, voices } } : setup.model;
  tts = await sherpa.OfflineTts.createAsync({
    model: { ...model, numThreads: setup.threads, provider: 'cpu' },
    maxNumSentences: 1,
  });
  return { kind: 'ready' };
}

async function speak({ id, text, place, speed, language, reference }: SpeakRequest): Promise<FromProcess> {
  if (tts === null) throw new Error('nothing is loaded');
  const { samples, sampleRate } = await tts.generateAsync({
    text,
    // Less than 1 shortens every pause.
    generationConfig: {
      sid: place,
      speed,
      silenceScale: 1,
      ...(language === null ? {} : { extra: { lang: language } }),
      ...(reference && likeReference(reference)),
    },
    enableExternalBuffer: false,
    // Told after each sentence of the text.
    onProgress: () => (stopped.has(id) ? 0 : 1),
  });
  stopped.delete(id);
  return { kind: 'spoken', id, samples: toInt16(samples), sampleRateHz: sampleRate };
}

const likeReference = ({ samples, sampleRateHz, text, steps }: Reference): Partial<GenerationConfig> => ({
  referenceAudio: Float32Array.from(samples, (sample) => sample / 32_768),
  referenceSampleRate: sampleRateHz,
  referenceText: text,
  ...(steps !== undefined && { numSteps: steps }),
});

function toInt16(samples: Float32Array): Int16Array {
  const integers = new Int16Array(samples.length);
  for (const [at, sample] of samples.entries()) {
    if (!Number.isFinite(sample)) throw new Error('it made samples that are no numbers');
    integers[at] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
  }
  return integers;
}
