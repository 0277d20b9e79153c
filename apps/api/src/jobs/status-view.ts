import {
  type DeliveryOptions,
  type LanguageResult,
  type RunKind,
  toIso,
  toWireJob,
  type WireLanguage,
  type WireStatus,
} from '@sotto/contracts';
import type { RequestView, ResultOf } from '@sotto/queue';
import { toWireTranscript } from '@sotto/transcript';

export interface StatusExtras {
  /** `` or `/v1`: addresses in an answer stay where the client is. */
  baseUrl: string;
  estimatedEndMs?: number | null;
  /** What the run made; of its kind. */
  result?: unknown;
}

/** A request and its run as clients see them, including what is only true at the moment. */
export function statusView(view: RequestView, { baseUrl, estimatedEndMs, result }: StatusExtras): WireStatus {
  const { request, run, position } = view;
  const isProcessing = run.status === 'processing';
  return {
    ...toWireJob(view, baseUrl),
    ...(isProcessing && { stage: run.stage }),
    ...(isProcessing && position !== null && { queue_position: position }),
    ...(isProcessing && typeof estimatedEndMs === 'number' && { estimated_completion: toIso(estimatedEndMs) }),
    ...(result ? resultFields(run.kind, result, request.delivery) : {}),
  };
}

/** How each kind of run shows its result in a status. A kind without a wire shape does not compile. */
const RESULT_FIELDS: { [K in RunKind]: (result: ResultOf<K>, delivery: DeliveryOptions) => Partial<WireStatus> } = {
  transcription: (transcript, delivery) => ({ result: toWireTranscript(transcript, delivery) }),
  language: (found) => ({ found_language: toWireLanguage(found) }),
};

function resultFields(kind: RunKind, result: unknown, delivery: DeliveryOptions): Partial<WireStatus> {
  const show = RESULT_FIELDS[kind] as (result: unknown, delivery: DeliveryOptions) => Partial<WireStatus>;
  return show(result, delivery);
}

export function toWireLanguage(found: LanguageResult): WireLanguage {
  return {
    language: found.language,
    language_probability: found.languageProbability,
    duration: found.durationMs / 1000,
    model: found.model,
    processing_time: found.processingMs / 1000,
    warnings: found.warnings,
  };
}
