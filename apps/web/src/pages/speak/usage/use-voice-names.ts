import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useOwnVoices, useSpokenVoices } from '../use-voices.ts';

/** What voices are called that usage is told of: those that are there by their name, all others by their id. */
export function useVoiceNames(): (voice: string) => string {
  const { t } = useTranslation('speak');
  const { data: voices = [] } = useSpokenVoices();
  const { data: own = [] } = useOwnVoices();
  return useMemo(() => {
    const names = new Map([...voices, ...own].map(({ id, name }) => [id, name]));
    return (voice) => names.get(voice) ?? (voice === 'other' ? t('usage.other') : voice);
  }, [voices, own, t]);
}
