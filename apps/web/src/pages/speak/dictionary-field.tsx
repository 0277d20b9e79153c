import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { SelectField } from '../../components/field.tsx';

interface DictionaryFieldProps {
  value: string;
  onChange: (dictionary: string) => void;
}

/** How words are said; empty: as they are. Not there for whoever has no dictionary. */
export function DictionaryField({ value, onChange }: DictionaryFieldProps) {
  const { t } = useTranslation(['translation', 'speak']);
  const { data } = useQuery({
    queryKey: ['dictionaries'],
    queryFn: ({ signal }) => client.dictionaries.list({ signal }),
  });
  const dictionaries = data?.dictionaries ?? [];
  if (dictionaries.length === 0) return null;
  return (
    <SelectField label={t('speak:dictionary')} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{t('speak:dictionaryNone')}</option>
      {dictionaries.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
