import type { Logprob } from '../answers.ts';
import type { OpenAiError } from '../errors.ts';
import type { wireOlderSession, wireSession } from './wire-session.ts';

interface Item {
  item_id: string;
}

interface Content extends Item {
  content_index: 0;
}

/** What the client is told (openai/openai-node, src/resources/realtime/realtime.ts), before it is given an `event_id`. */
export type ServerEvent =
  | { type: 'session.created' | 'session.updated'; session: ReturnType<typeof wireSession> }
  | { type: 'transcription_session.updated'; session: ReturnType<typeof wireOlderSession> }
  | ({ type: 'input_audio_buffer.speech_started'; audio_start_ms: number } & Item)
  | ({ type: 'input_audio_buffer.speech_stopped'; audio_end_ms: number } & Item)
  | ({ type: 'input_audio_buffer.committed'; previous_item_id: string | null } & Item)
  | { type: 'input_audio_buffer.cleared' }
  | ({ type: 'conversation.item.input_audio_transcription.delta'; delta: string; logprobs?: Logprob[] } & Content)
  | ({
      type: 'conversation.item.input_audio_transcription.segment';
      id: string;
      start: number;
      end: number;
      text: string;
      /** Speakers are not told apart while they speak. */
      speaker: '';
    } & Content)
  | ({
      type: 'conversation.item.input_audio_transcription.completed';
      transcript: string;
      usage: { type: 'duration'; seconds: number };
      languages?: { code: string }[];
      logprobs?: Logprob[];
    } & Content)
  | ({ type: 'conversation.item.input_audio_transcription.failed'; error: OpenAiError } & Content)
  | { type: 'error'; error: OpenAiError & { event_id: string | null } };

export type SentEvent = ServerEvent & { event_id: string };
