import type { WireSpokenVoice } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { SelectField } from '../../components/field.tsx';
import { localeFor } from '../../i18n/locale.ts';
import { byLanguage } from './use-voices.ts';

interface VoiceFieldProps {
  /** Absent: the voice, and what it is when none is chosen. */
  label?: string;
  auto?: string;
  voices: readonly WireSpokenVoice[];
  value: string;
  onChange: (voice: string) => void;
}

/** Who speaks; empty: whoever is best. */
export function VoiceField({ label, auto, voices, value, onChange }: VoiceFieldProps) {
  const { t, i18n } = useTranslation(['translation', 'speak']);
  const names = new Intl.DisplayNames(localeFor(i18n.language), { type: 'language' });
  return (
    <SelectField label={label ?? t('speak:voice')} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{auto ?? t('speak:voiceAuto')}</option>
      {[...byLanguage(voices)].map(([language, group]) => (
        <optgroup key={language} label={nameOf(language, names)}>
          {group.map((voice) => (
            <option key={voice.id} value={voice.id}>
              {[voice.name, voice.gender && t(`speak:genders.${voice.gender}`), t(`speak:qualities.${voice.quality}`)]
                .filter(Boolean)
                .join(' · ')}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

/** A voice may speak a language that browsers have no name for. */
function nameOf(language: string, names: Intl.DisplayNames): string {
  try {
    return names.of(language) ?? language;
  } catch {
    return language;
  }
}
