import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { SelectField } from '../../../components/field.tsx';
import { useAction } from '../parts/action.ts';
import styles from './fetch-form.module.css';

/** Models of the catalogue that no worker has. */
export function FetchForm() {
  const { t } = useTranslation('operate');
  const [choice, setChoice] = useState('');
  const catalogue = useQuery({ queryKey: ['models'], queryFn: ({ signal }) => client.models({ signal }) });
  const fetching = useAction((name: string) => client.admin.installModel(name), 'operations');
  const names = catalogue.data?.models.filter(({ installed }) => !installed).map(({ name }) => name) ?? [];
  if (names.length === 0) return null;
  const name = names.includes(choice) ? choice : (names[0] ?? '');
  return (
    <>
      <form
        className={styles.form}
        aria-label={t('models.add')}
        onSubmit={(event) => {
          event.preventDefault();
          fetching.mutate(name);
        }}
      >
        <SelectField label={t('models.choice')} value={name} onChange={({ target }) => setChoice(target.value)}>
          {names.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </SelectField>
        <Button type="submit" disabled={fetching.isPending}>
          {t('models.fetch')}
        </Button>
      </form>
      {fetching.error !== null && <Failure error={fetching.error} />}
    </>
  );
}
