import type { EditedSpeaker } from '@sotto/transcript';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What a speaker is called: by name, else by number. */
export function useSpeakerName(speakers: readonly EditedSpeaker[]): (speaker: number) => string {
  const { t } = useTranslation();
  return useCallback(
    (speaker) => speakers[speaker]?.name ?? t('speakers.number', { number: speaker + 1 }),
    [speakers, t],
  );
}
