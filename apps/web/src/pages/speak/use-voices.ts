import type { WireSpokenVoice, WireSpokenVoiceList } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

const BUSY_MS = 15_000;

/** Voices that texts can be spoken with, best first. */
export function useSpokenVoices() {
  return useVoiceList(({ voices }) => voices);
}

/** Those that were made of samples, ready or not. */
export function useOwnVoices() {
  return useVoiceList(({ own = [] }) => own);
}

function useVoiceList<T>(select: (list: WireSpokenVoiceList) => T) {
  return useQuery({
    queryKey: ['spoken-voices'],
    queryFn: ({ signal }) => client.speech.voices({ signal }),
    select,
    refetchInterval: BUSY_MS,
  });
}

/** Languages that any of them speaks, with those voices, in the order in which the voices are told. */
export function byLanguage(voices: readonly WireSpokenVoice[]): Map<string, WireSpokenVoice[]> {
  const groups = new Map<string, WireSpokenVoice[]>();
  for (const voice of voices) {
    const language = voice.languages[0] ?? '';
    groups.set(language, [...(groups.get(language) ?? []), voice]);
  }
  return groups;
}
