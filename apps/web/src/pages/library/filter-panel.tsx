import { useTranslation } from 'react-i18next';
import { useLanguages } from '../../api/languages.ts';
import { SelectField, TextField } from '../../components/field.tsx';
import { TypedField } from '../../components/typed-field.tsx';
import { type Filter, STATUSES } from './filter.ts';
import styles from './library.module.css';

interface FilterPanelProps {
  id: string;
  filter: Filter;
  onChange: (changes: Partial<Filter>) => void;
}

/** What is not looked for every day. */
export function FilterPanel({ id, filter, onChange }: FilterPanelProps) {
  const { t } = useTranslation();
  const languages = useLanguages();
  const { language, status, speaker, from, to } = filter;
  return (
    <div id={id} className={styles.panel}>
      <SelectField
        label={t('options.language')}
        value={language}
        onChange={({ target }) => onChange({ language: target.value })}
      >
        <option value="">{t('library.any')}</option>
        {languages.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('library.status')}
        value={status}
        onChange={({ target }) => onChange({ status: target.value as Filter['status'] })}
      >
        <option value="">{t('library.any')}</option>
        {STATUSES.map((one) => (
          <option key={one} value={one}>
            {t(`jobs.statuses.${one}`)}
          </option>
        ))}
      </SelectField>
      <TypedField
        label={t('library.speaker')}
        value={speaker}
        autoComplete="off"
        onTyped={(name) => onChange({ speaker: name })}
      />
      <TextField
        label={t('library.from')}
        type="date"
        value={from}
        max={to}
        onChange={({ target }) => onChange({ from: target.value })}
      />
      <TextField
        label={t('library.to')}
        type="date"
        value={to}
        min={from}
        onChange={({ target }) => onChange({ to: target.value })}
      />
    </div>
  );
}
