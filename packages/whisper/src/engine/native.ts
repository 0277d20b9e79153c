import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { SottoError } from '@sotto/contracts';

/** A segment as the addon hands it over: its tokens as columns, token i's bytes are `bytes[offsets[i] .. offsets[i+1]]`. */
export interface NativeSegment {
  startMs: number;
  endMs: number;
  avgLogProbability: number;
  bytes: Buffer;
  offsets: Uint32Array;
  ids: Int32Array;
  probabilities: Float32Array;
  logProbabilities: Float32Array;
  startsMs: Int32Array;
  endsMs: Int32Array;
}

export interface NativeResult {
  segments: NativeSegment[];
  language: string;
  /** -1: not detected. */
  languageProbability: number;
  languageProbabilities: Record<string, number>;
  noSpeechProbability: number;
  temperature: number;
  avgLogProbability: number;
  decodeMs: number;
}

export interface NativeInfo {
  multilingual: boolean;
  vocabularySize: number;
  melBins: number;
  encoderLayers: number;
  decoderLayers: number;
  width: number;
  device: string;
  weightBytes: number;
  slots: number;
  bytesPerSlot: number;
  backend: 'fast' | 'portable';
  alignmentHeads: { layer: number; head: number }[];
}

export interface NativeOptions {
  /** '': detect. */
  language: string;
  /** Considered when it is detected; empty: all. */
  languages: string[];
  translate: boolean;
  temperature: number;
  temperatureIncrement: number;
  beamSize: number;
  bestOf: number;
  patience: number;
  /** -1: the mean. */
  lengthPenalty: number;
  /** -1 stands for the symbols that are not spoken. */
  suppressTokens: number[];
  prompt: string;
  /** '': not known. */
  given: string;
  phrases: { text: string; weight: number }[];
  wordTimes: boolean;
  timestamps: boolean;
  /** -1: up to 30 s. */
  tailMs: number;
  noSpeechThreshold: number;
  logprobThreshold: number;
  entropyThreshold: number;
}

/** What the addon says, in order. `log` carries ggml's level (1 debug, 2 info, 3 warn, 4 error) in the place of the job's id. */
export type NativeEvent =
  | ['loaded', number, NativeInfo]
  | ['load_failed', number, string]
  | ['log', number, string]
  | ['progress', number, number]
  | ['segment', number, NativeSegment]
  | ['done', number, NativeResult]
  | ['cancelled', number, string]
  | ['failed', number, string]
  | ['closed', number, undefined];

/** Milliseconds of work since the model was loaded. */
export interface StageTimes {
  mel: number;
  encode: number;
  decode: number;
  align: number;
}

export interface NativeModel {
  transcribe(id: number, pcm: Float32Array | Int16Array, options: NativeOptions, urgent: boolean): void;
  detectLanguage(id: number, pcm: Float32Array | Int16Array, urgent: boolean): void;
  cancel(id: number): void;
  /** Not once close() was called. */
  stageTimes(): StageTimes;
  close(): void;
}

export interface NativeSettings {
  path: string;
  device: string;
  slots: number;
  reservedSlots: number;
  longestRestMs: number;
  /** For all slots together, the reserved ones too; fewer slots when they do not fit. 0: no limit. */
  slotMemoryBytes: number;
  threads: number;
  portable: boolean;
  wantsLog: boolean;
}

/** Silero's network: nothing to call, something for listeners to hold. */
export type NativeSpeechNetwork = object;

/** One recording on its way through it: samples in, probabilities out, one for each 512 samples. */
export interface NativeSpeechListener {
  accept(pcm: Int16Array, atOnce: boolean): Float32Array;
  finish(): Float32Array;
}

/** Each call resolves to a Float32Array; see SpeakerNetworks. */
export interface NativeSpeakerNetworks {
  segment(pcm: Int16Array, stepSamples: number, chunks: number): Promise<Float32Array>;
  features(pcm: Int16Array): Promise<Float32Array>;
  trunk(features: Float32Array): Promise<Float32Array>;
  embed(frames: Float32Array, masks: Float32Array): Promise<Float32Array>;
}

interface Addon {
  Model: new (settings: NativeSettings, onEvent: (...event: NativeEvent) => void) => NativeModel;
  /** Of the tensors by their names in Silero's file. */
  SpeechNetwork: new (
    tensors: Record<string, Float32Array>,
    anyProcessor: boolean,
  ) => NativeSpeechNetwork;
  SpeechListener: new (network: NativeSpeechNetwork) => NativeSpeechListener;
  /** Of weights in the order in which it reads them. */
  SpeakerNetworks: new (
    weights: Float32Array[],
    anyProcessor: boolean,
  ) => NativeSpeakerNetworks;
  /** Whole rows of float16 bits as ggml's blocks. */
  quantize(type: string, halves: Uint16Array, rowLength: number): Buffer;
  /** Of whisper.cpp. */
  version: string;
  /** Instruction sets and backends this build uses. */
  systemInfo: string;
}

const ADDON_PATH = fileURLToPath(new URL('../../build/sotto_whisper.node', import.meta.url));

let loaded: Addon | undefined;

/**
 * The addon, loaded on first use. libgomp reads its settings from the environment when it is loaded with the addon:
 * with its default a barrier of the portable backend spins for milliseconds, and one busy neighbour makes them 14 times
 * slower.
 */
export function loadAddon(): Addon {
  if (loaded !== undefined) return loaded;
  process.env.GOMP_SPINCOUNT ??= '1000';
  process.env.GGML_NO_BACKTRACE ??= '1';
  if (!existsSync(ADDON_PATH)) {
    throw new SottoError('model_load_failed', 'The speech engine has not been built.', {
      cause: new Error(`${ADDON_PATH} does not exist; run: node packages/whisper/scripts/build-native.mjs`),
    });
  }
  try {
    loaded = createRequire(import.meta.url)(ADDON_PATH) as Addon;
  } catch (cause) {
    const hint = new Error(`${ADDON_PATH} cannot be loaded on this machine (${process.platform} ${process.arch})`, {
      cause,
    });
    throw new SottoError('model_load_failed', 'The speech engine does not fit this machine; build it again.', {
      cause: hint,
    });
  }
  return loaded;
}
