import { useTranslation } from 'react-i18next';
import { CheckField } from '../../../components/field.tsx';
import type { TextParts } from '../plain-text.ts';

interface TextPartsFieldsProps {
  parts: TextParts;
  hasSpeakers: boolean;
  onChange: (parts: TextParts) => void;
}

export function TextPartsFields({ parts, hasSpeakers, onChange }: TextPartsFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <CheckField
        label={t('copy.times')}
        checked={parts.times}
        onChange={({ target }) => onChange({ ...parts, times: target.checked })}
      />
      {hasSpeakers && (
        <CheckField
          label={t('copy.speakers')}
          checked={parts.speakers}
          onChange={({ target }) => onChange({ ...parts, speakers: target.checked })}
        />
      )}
    </>
  );
}
