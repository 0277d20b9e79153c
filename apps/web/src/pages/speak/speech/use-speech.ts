import { useSyncExternalStore } from 'react';
import type { Speech, SpeechState } from './speech.ts';

export function useSpeech(speech: Speech): SpeechState {
  return useSyncExternalStore(speech.subscribe, speech.current);
}
