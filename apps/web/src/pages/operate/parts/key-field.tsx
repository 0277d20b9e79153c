import { useTranslation } from 'react-i18next';
import { SelectField } from '../../../components/field.tsx';
import { useKeys } from './key-names.ts';

/** @param value id of a key; empty: all */
export function KeyField({ value, onChange }: { value: string; onChange: (keyId: string) => void }) {
  const { t } = useTranslation('operate');
  const { data = [] } = useKeys();
  return (
    <SelectField label={t('key')} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{t('allKeys')}</option>
      {data.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
