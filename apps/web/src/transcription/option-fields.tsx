import type { ModelList } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client.ts';
import { useLanguages } from '../api/languages.ts';
import { CheckField, SelectField, TextField } from '../components/field.tsx';
import { bytesText } from '../i18n/bytes.ts';
import { localeFor } from '../i18n/locale.ts';
import type { Choice } from './choice.ts';
import styles from './option-fields.module.css';

const KEEP_DAYS = [7, 30, 90, 365];
const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8];

interface OptionFieldsProps {
  choice: Choice;
  hasLibrary: boolean;
  onChange: (changes: Partial<Choice>) => void;
}

/** What is to be done with recordings. */
export function OptionFields({ choice, hasLibrary, onChange }: OptionFieldsProps) {
  const { t } = useTranslation();
  const changed =
    (name: keyof Choice) =>
    ({ target }: { target: { value: string } }) =>
      onChange({ [name]: target.value });
  return (
    <div className={styles.fields}>
      <LanguageField value={choice.language} onChange={changed('language')} />
      <ModelField value={choice.model} onChange={changed('model')} />
      <SelectField label={t('options.task')} value={choice.task} onChange={changed('task')}>
        <option value="transcribe">{t('options.tasks.transcribe')}</option>
        <option value="translate">{t('options.tasks.translate')}</option>
      </SelectField>
      <SpeakersField value={choice.speakers} onChange={changed('speakers')} />
      <TermsField value={choice.terms} onChange={changed('terms')} />
      {hasLibrary && (
        <SelectField label={t('options.keep')} value={choice.keep} onChange={changed('keep')}>
          <option value="">{t('options.keepAlways')}</option>
          {KEEP_DAYS.map((days) => (
            <option key={days} value={days}>
              {t('options.keepDays', { count: days })}
            </option>
          ))}
          <option value="no">{t('options.keepNot')}</option>
        </SelectField>
      )}
      <CheckField
        label={t('options.enhance')}
        hint={t('options.enhanceHint')}
        checked={choice.enhance}
        onChange={({ target }) => onChange({ enhance: target.checked })}
      />
    </div>
  );
}

interface ChoiceProps {
  value: string;
  onChange: (event: { target: { value: string } }) => void;
}

export function SpeakersField(props: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <SelectField label={t('options.speakers')} {...props}>
      <option value="off">{t('options.speakersOff')}</option>
      <option value="auto">{t('options.speakersAuto')}</option>
      {COUNTS.map((count) => (
        <option key={count} value={count}>
          {t('options.speakersCount', { count })}
        </option>
      ))}
    </SelectField>
  );
}

export function TermsField(props: ChoiceProps) {
  const { t } = useTranslation();
  return <TextField label={t('options.terms')} hint={t('options.termsHint')} autoComplete="off" {...props} />;
}

export function LanguageField(props: ChoiceProps) {
  const { t } = useTranslation();
  const languages = useLanguages();
  return (
    <SelectField label={t('options.language')} {...props}>
      <option value="">{t('options.languageAuto')}</option>
      <option value="multi">{t('options.languageSeveral')}</option>
      {languages.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

export function ModelField(props: ChoiceProps) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['models'], queryFn: ({ signal }) => client.models({ signal }) });
  const { models = [], current_model: current = null } = query.data ?? {};
  const installed = models.filter((model) => model.installed);
  const chosen = models.find(({ name }) => name === (props.value || current));
  return (
    <SelectField label={t('options.model')} hint={useModelHint(chosen)} {...props}>
      <option value="">
        {current === null ? t('options.modelAny') : t('options.modelCurrent', { name: current })}
      </option>
      {installed
        .filter(({ name }) => name !== current)
        .map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
    </SelectField>
  );
}

/** How good it is, how fast and how large here: measured, as far as it was used. */
function useModelHint(model: ModelList['models'][number] | undefined): string | undefined {
  const { t, i18n } = useTranslation();
  if (model === undefined) return undefined;
  const { accuracy, realtime_factor: factor, memory_bytes: memory, size } = model;
  const locale = localeFor(i18n.language);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: factor !== null && factor < 10 ? 1 : 0 });
  return [
    t('options.modelAccuracy', { accuracy }),
    factor === null ? t('options.modelSpeedUnknown') : t('options.modelSpeed', { factor: number.format(factor) }),
    memory === null ? size : t('options.modelMemory', { size: bytesText(memory, locale) }),
  ].join(', ');
}
