import { type LanguageResult, toIso, toWireJob, type WireLanguage, type WireStatus } from '@sotto/contracts';
import type { RequestView } from '@sotto/queue';

export interface StatusExtras {
  /** `` or `/v1`: addresses in an answer stay where the client is. */
  baseUrl: string;
  estimatedEndMs?: number | null;
}

/** A request and its run as clients see them, including what is only true at the moment, but without the result. */
export function statusView(view: RequestView, { baseUrl, estimatedEndMs }: StatusExtras): WireStatus {
  const { run, position } = view;
  const isProcessing = run.status === 'processing';
  return {
    ...toWireJob(view, baseUrl),
    ...(isProcessing && { stage: run.stage }),
    ...(isProcessing && position !== null && { queue_position: position }),
    ...(isProcessing && run.waiting !== null && { waiting_for: run.waiting.cause }),
    ...(isProcessing && typeof estimatedEndMs === 'number' && { estimated_completion: toIso(estimatedEndMs) }),
  };
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
