import { types } from 'node:util';
import { SottoError } from '@sotto/contracts';
import { deferred } from './deferred.ts';
import { type DetectHooks, deliver, type EngineJob, type TranscribeHooks } from './job.ts';
import { memoryForSlots } from './memory.ts';
import {
  loadAddon,
  type NativeEvent,
  type NativeInfo,
  type NativeModel,
  type NativeResult,
  type StageTimes,
} from './native.ts';
import {
  type EngineOptions,
  type LogLevel,
  parseEngineOptions,
  parseWindowOptions,
  type TranscribeWindowOptions,
  USEFUL_SLOTS,
} from './options.ts';
import { type EngineSegment, engineSegment } from './segment.ts';

export const SAMPLE_RATE = 16_000;
/** The engine looks at no more than this at once. */
export const MAX_WINDOW_SAMPLES = 30 * SAMPLE_RATE;

export interface ModelInfo {
  multilingual: boolean;
  vocabularySize: number;
  melBins: number;
  /** OpenAI's name for this many layers; `custom` when it has none. */
  type: 'nano' | 'tiny' | 'base' | 'small' | 'medium' | 'large' | 'turbo' | 'custom';
  /** What it runs on: `cpu`, or ggml's name of the GPU's driver. */
  device: string;
  /** Memory of its weights: more than the file of a quantised model where the fast backend holds them with 16 bits each. */
  weightBytes: number;
  /** Windows decoded together. */
  slots: number;
  /** Memory of one slot when it is used to the full. */
  bytesPerSlot: number;
  backend: 'fast' | 'portable';
  alignmentHeads: { layer: number; head: number }[];
}

export interface WindowTranscript {
  language: string;
  /** null: the language was given. */
  languageProbability: number | null;
  /** The next likely language, where the language was detected. */
  runnerUp?: { language: string; probability: number };
  segments: EngineSegment[];
  noSpeechProbability: number;
  /** The highest that was needed. */
  temperature: number;
  /** Mean over all text tokens; 0 when there are none. */
  avgLogProbability: number;
  /** This window's share of the engine's time; those of windows decoded together add up to what all took. */
  decodeMs: number;
}

export interface DetectedLanguage {
  language: string;
  probability: number;
  /** Of all languages of the model; they add up to 1. */
  probabilities: Record<string, number>;
}

const LOG_LEVELS: readonly LogLevel[] = ['info', 'debug', 'info', 'warn', 'error'];

function typeOf({ encoderLayers, decoderLayers, width }: NativeInfo): ModelInfo['type'] {
  if (width === 128) return 'nano';
  if (encoderLayers === 32 && decoderLayers === 4) return 'turbo';
  const named = { 4: 'tiny', 6: 'base', 12: 'small', 24: 'medium', 32: 'large' } as const;
  const type = named[encoderLayers as keyof typeof named];
  return type !== undefined && encoderLayers === decoderLayers ? type : 'custom';
}

function checkPcm(pcm: Float32Array | Int16Array): void {
  if (!types.isFloat32Array(pcm) && !types.isInt16Array(pcm)) {
    throw new SottoError('invalid_parameter', 'pcm must be a Float32Array or an Int16Array of 16 kHz mono samples.');
  }
  if (pcm.length === 0) throw new SottoError('invalid_parameter', 'pcm is empty.');
  if (pcm.length > MAX_WINDOW_SAMPLES) {
    throw new SottoError(
      'invalid_parameter',
      `pcm has ${pcm.length} samples; a window has at most ${MAX_WINDOW_SAMPLES} (30 s).`,
    );
  }
}

/** A cancellation is either the caller's or comes from close(). */
function cancellation(signal: AbortSignal | undefined): SottoError {
  if (!signal?.aborted) return new SottoError('shutting_down', 'The model was closed.');
  const reason: unknown = signal.reason;
  return reason instanceof SottoError
    ? reason
    : new SottoError('job_cancelled', 'The window was cancelled.', { cause: reason });
}

/**
 * A model in memory with its slots. Windows beyond the number of slots wait inside, in order of arrival.
 *
 * open -> closing (close() was called: nothing new is taken, what runs is cancelled) -> closed. There is no way back.
 */
export class WhisperModel {
  readonly info: ModelInfo;
  readonly #native: NativeModel;
  readonly #nativeInfo: NativeInfo;
  readonly #jobs: Map<number, EngineJob>;
  readonly #whenClosed: Promise<void>;
  #lastId = 0;
  #closing: Promise<void> | undefined;

  private constructor(native: NativeModel, info: NativeInfo, jobs: Map<number, EngineJob>, closed: Promise<void>) {
    this.#native = native;
    this.#nativeInfo = info;
    this.#jobs = jobs;
    this.#whenClosed = closed;
    const { encoderLayers: _, decoderLayers: __, width: ___, ...told } = info;
    this.info = { ...told, type: typeOf(info) };
  }

  /**
   * Reads the model and makes room for its slots, off the event loop.
   * @param path a whisper.cpp (ggml) model file
   * @throws SottoError `model_load_failed`: no such file, not a model, truncated, no such device, out of memory;
   *   `invalid_parameter`: the options
   */
  static async load(path: string, options: EngineOptions): Promise<WhisperModel> {
    const { onLog, slots, backend, ...settings } = parseEngineOptions(options);
    const limits =
      slots === 'auto'
        ? { slots: USEFUL_SLOTS, slotMemoryBytes: await memoryForSlots(path) }
        : { slots, slotMemoryBytes: 0 };
    const { Model } = loadAddon();
    const jobs = new Map<number, EngineJob>();
    const closed = deferred<void>();
    const ready = deferred<NativeInfo>();
    const native = new Model(
      { ...settings, ...limits, path, portable: backend === 'portable', wantsLog: onLog !== undefined },
      (...event: NativeEvent) => {
        const [kind, id, payload] = event;
        if (kind === 'log') onLog?.(LOG_LEVELS[id] ?? 'info', payload.trimEnd());
        else if (kind === 'loaded') ready.resolve(payload);
        else if (kind === 'load_failed')
          ready.reject(new SottoError('model_load_failed', `The model cannot be loaded: ${payload}.`));
        else if (kind === 'closed') closed.resolve();
        else deliver(jobs, event);
      },
    );
    try {
      const info = await ready.promise;
      return new WhisperModel(native, info, jobs, closed.promise);
    } catch (error) {
      native.close();
      await closed.promise;
      throw error;
    }
  }

  /**
   * @param pcm 16 kHz mono, at most 30 s; Float32 in -1..1 or Int16. Copied before the call returns.
   * @throws SottoError `job_cancelled` (or the signal's reason, when that is a SottoError), `language_not_supported`,
   *   `invalid_parameter`, `transcription_failed`, `shutting_down` (close() was called)
   */
  async transcribe(
    pcm: Float32Array | Int16Array,
    options: TranscribeWindowOptions,
    hooks: TranscribeHooks = {},
  ): Promise<WindowTranscript> {
    checkPcm(pcm);
    const native = parseWindowOptions(options, this.#nativeInfo);
    const result = await this.#run(hooks, (id) => this.#native.transcribe(id, pcm, native, hooks.urgent === true));
    return {
      language: result.language,
      languageProbability: result.languageProbability < 0 ? null : result.languageProbability,
      ...runnerUpOf(result),
      segments: result.segments.map(engineSegment),
      noSpeechProbability: result.noSpeechProbability,
      temperature: result.temperature,
      avgLogProbability: result.avgLogProbability,
      decodeMs: result.decodeMs,
    };
  }

  /** The language of up to 30 s; English with probability 1 for a model that knows nothing else. Throws as transcribe does. */
  async detectLanguage(pcm: Float32Array | Int16Array, hooks: DetectHooks = {}): Promise<DetectedLanguage> {
    checkPcm(pcm);
    if (!this.info.multilingual) return { language: 'en', probability: 1, probabilities: { en: 1 } };
    const result = await this.#run(hooks, (id) => this.#native.detectLanguage(id, pcm, hooks.urgent === true));
    return {
      language: result.language,
      probability: result.languageProbability,
      probabilities: result.languageProbabilities,
    };
  }

  /**
   * Milliseconds that the engine has worked since it was loaded, by stage: what to look at when it is slower than it was.
   * @throws SottoError `shutting_down` once close() was called
   */
  stageMs(): StageTimes {
    if (this.#closing !== undefined) throw cancellation(undefined);
    return this.#native.stageTimes();
  }

  /** Cancels what runs and waits, waits for it to end, frees the memory. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const ended = [...this.#jobs].map(([id, job]) => {
      this.#native.cancel(id);
      return job.ended;
    });
    await Promise.all(ended);
    this.#native.close();
    await this.#whenClosed;
  }

  async #run(hooks: TranscribeHooks, start: (id: number) => void): Promise<NativeResult> {
    const { signal } = hooks;
    if (this.#closing !== undefined || signal?.aborted) throw cancellation(signal);
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = deferred<NativeResult>();
    const ended = deferred<void>();
    const onAbort = () => this.#native.cancel(id);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#jobs.set(id, {
      hooks,
      done: resolve,
      cancelled: () => reject(cancellation(signal)),
      failed: (message) => reject(new SottoError('transcription_failed', `The engine failed: ${message}.`)),
      ended: ended.promise,
    });
    try {
      start(id);
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#jobs.delete(id);
      ended.resolve();
    }
  }
}

function runnerUpOf({ language, languageProbabilities }: NativeResult): Pick<WindowTranscript, 'runnerUp'> {
  const others = Object.entries(languageProbabilities).filter(([code]) => code !== language);
  const [next] = others.sort((a, b) => b[1] - a[1]);
  return next === undefined ? {} : { runnerUp: { language: next[0], probability: next[1] } };
}
