import type { DeepgramWord } from '../words.ts';

/** What the client is told (deepgram/deepgram-js-sdk, listen/v1). */
export type ServerMessage =
  | {
      type: 'Results';
      channel_index: [number, number];
      start: number;
      duration: number;
      is_final: boolean;
      speech_final: boolean;
      from_finalize: boolean;
      channel: {
        alternatives: { transcript: string; confidence: number; languages?: string[]; words: DeepgramWord[] }[];
      };
      metadata: { request_id: string; model_info: { name: string; version: string; arch: string }; model_uuid: string };
    }
  | { type: 'SpeechStarted'; channel: [number]; timestamp: number }
  | { type: 'UtteranceEnd'; channel: [number, number]; last_word_end: number }
  | {
      type: 'Metadata';
      transaction_key: 'deprecated';
      request_id: string;
      sha256: string;
      created: string;
      duration: number;
      channels: number;
      models: string[];
      model_info: Record<string, { name: string; version: string; arch: string }>;
    }
  | { type: 'Error'; variant: string; description: string; message: string };
