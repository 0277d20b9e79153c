import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { useLibrarySettings } from '../../api/library.ts';
import { Failure } from '../../components/failure.tsx';
import { SelectField } from '../../components/field.tsx';
import styles from './page.module.css';

const DAYS = [7, 30, 90, 365];

/** For how long the library keeps what is added from now on. */
export function Retention() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data, isOff, error } = useLibrarySettings();
  const change = useMutation({
    mutationFn: (days: number | null) => client.library.setKeepDays(days),
    onSettled: () => queries.invalidateQueries({ queryKey: ['library', 'settings'] }),
  });
  if (isOff) return null;
  const days = data?.keepDays ?? null;
  const offered = days === null || DAYS.includes(days) ? DAYS : [...DAYS, days].sort((a, b) => a - b);
  return (
    <section className={styles.section} aria-labelledby="retention">
      <h2 id="retention">{t('library.title')}</h2>
      {data !== undefined && (
        <div className={styles.choices}>
          <SelectField
            label={t('retention.label')}
            hint={t('retention.hint')}
            value={days ?? ''}
            disabled={change.isPending}
            onChange={({ target }) => change.mutate(target.value === '' ? null : Number(target.value))}
          >
            <option value="">{t('keep.always')}</option>
            {offered.map((count) => (
              <option key={count} value={count}>
                {t('options.keepDays', { count })}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      {(error ?? change.error) !== null && <Failure error={error ?? change.error} />}
    </section>
  );
}
