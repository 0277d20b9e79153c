import type { Granularity, HallucinationFilter, Lane, ResponseFormat, Task, TranscribeForm } from '@sotto/contracts';

/** What to do with a recording; what is left out the service decides. */
export interface TranscribeOptions<F extends ResponseFormat = ResponseFormat> {
  /** A code or English name, `auto`: detect. */
  language?: string;
  /** A name from `models()`. */
  model?: string;
  task?: Task;
  responseFormat?: F;
  timestampGranularity?: Granularity;
  temperature?: number;
  beamSize?: number;
  bestOf?: number;
  patience?: number;
  lengthPenalty?: number;
  /** Token ids; -1: all that are not speech. */
  suppressTokens?: readonly number[];
  prompt?: string;
  conditionOnPreviousText?: boolean;
  vad?: boolean;
  hallucinationFilter?: HallucinationFilter;
  priority?: Lane;
  cache?: boolean;
  cancelOnDisconnect?: boolean;
}

const FIELD_NAMES = {
  language: 'language',
  model: 'model',
  task: 'task',
  responseFormat: 'response_format',
  timestampGranularity: 'timestamp_granularity',
  temperature: 'temperature',
  beamSize: 'beam_size',
  bestOf: 'best_of',
  patience: 'patience',
  lengthPenalty: 'length_penalty',
  suppressTokens: 'suppress_tokens',
  prompt: 'prompt',
  conditionOnPreviousText: 'condition_on_previous_text',
  vad: 'vad',
  hallucinationFilter: 'hallucination_filter',
  priority: 'priority',
  cache: 'cache',
  cancelOnDisconnect: 'cancel_on_disconnect',
} as const satisfies Record<keyof TranscribeOptions, keyof TranscribeForm>;

/** The form fields of `POST /transcribe`. */
export function transcribeFields(options: TranscribeOptions, isAsync: boolean): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const key of Object.keys(FIELD_NAMES) as (keyof TranscribeOptions)[]) {
    const value = options[key];
    if (value !== undefined) fields[FIELD_NAMES[key]] = String(value);
  }
  if (isAsync) fields.async = 'true';
  return fields;
}
