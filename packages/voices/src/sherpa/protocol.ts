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
  model: { kokoro?: Record<string, string>; vits?: Record<string, string> };
  threads: number;
  /** null: the model has one voice, which is in itself. */
  voicesFile: string | null;
  blends: BlendPack[];
}

export interface SpeakRequest {
  id: number;
  text: string;
  /** Of the voice. */
  place: number;
  speed: number;
  /** In sherpa's (espeak's) codes; null: the model has one. */
  language: string | null;
}

export type ToProcess =
  | { kind: 'setup'; setup: ProcessSetup }
  | { kind: 'speak'; request: SpeakRequest }
  | { kind: 'stop'; id: number };

export type FromProcess =
  | { kind: 'ready' }
  | { kind: 'spoken'; id: number; samples: Int16Array; sampleRateHz: number }
  | { kind: 'failed'; id: number | null; reason: string };
