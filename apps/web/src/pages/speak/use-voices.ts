import type { WireSpokenVoice } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

const BUSY_MS = 15_000;

/** Voices that texts can be spoken with, best first. */
export function useSpokenVoices() {
  return useQuery({
    queryKey: ['spoken-voices'],
    queryFn: ({ signal }) => client.speech.voices({ signal }),
    select: ({ voices }) => voices,
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
