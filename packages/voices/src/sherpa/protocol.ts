/** What an engine's process is told and what it answers, over the channel that `fork` makes. */

/** A voice that is the sum of others, written over a spare place in what is loaded. */
export interface BlendPack {
  place: number;
  /** `share` of each, 1 in total. */
  parts: { place: number; share: number }[];
}

export interface ProcessSetup {
  /** Folder of the package sherpa-onnx-node. */
  package: string;
  /** As sherpa-onnx's `OfflineTts` takes it, but for the file of voices. */
  model: { [kind in 'kokoro' | 'vits' | 'zipvoice' | 'pocket']?: Record<string, string> };
  threads: number;
  /** null: the model has one voice, which is in itself. */
  voicesFile: string | null;
  blends: BlendPack[];
}

/** A recording that is to be spoken like. */
export interface Reference {
  samples: Int16Array;
  sampleRateHz: number;
  /** What is said in it. */
  text: string;
  /** Of the search for the sound; absent: what sherpa-onnx thinks. */
  steps?: number;
}

export interface SpeakRequest {
  id: number;
  text: string;
  /** Of the voice. */
  place: number;
  speed: number;
  /** In sherpa's (espeak's) codes; null: the model has one. */
  language: string | null;
  /** Absent: the model has voices. */
  reference?: Reference;
}

export type ToProcess =
  | { kind: 'setup'; setup: ProcessSetup }
  | { kind: 'speak'; request: SpeakRequest }
  | { kind: 'stop'; id: number };

export type FromProcess =
  | { kind: 'ready' }
  | { kind: 'spoken'; id: number; samples: Int16Array; sampleRateHz: number }
  | { kind: 'failed'; id: number | null; reason: string };
