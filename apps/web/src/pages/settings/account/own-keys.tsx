import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { TextField } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { Row, Rows } from '../../../components/rows.tsx';
import styles from './account.module.css';
import { useMoment } from './use-moment.ts';

const KEYS = ['own-keys'];

/** Keys for programs: they open the account of whoever made them. */
export function OwnKeys() {
  const { t } = useTranslation();
  const moment = useMoment();
  const queries = useQueryClient();
  const keys = useQuery({ queryKey: KEYS, queryFn: ({ signal }) => client.profile.keys({ signal }) });
  const remove = useMutation({
    mutationFn: (id: string) => client.profile.deleteKey(id),
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
  return (
    <section className={styles.section} aria-labelledby="own-keys">
      <h2 id="own-keys">{t('account.keys')}</h2>
      <p className={styles.soft}>{t('account.keysText')}</p>
      {(keys.data?.keys.length ?? 0) > 0 && (
        <Rows>
          {keys.data?.keys.map(({ id, name, created_at: createdAt }) => (
            <Row
              key={id}
              name={name}
              facts={t('account.made', { date: moment(createdAt) })}
              actions={
                <ConfirmButton
                  kind="quiet"
                  aria-label={t('account.deleteKey', { name })}
                  question={t('account.deleteKeyQuestion', { name })}
                  consequence={t('account.deleteKeyConsequence')}
                  action={t('dialog.delete')}
                  onConfirm={() => remove.mutate(id)}
                >
                  {t('dialog.delete')}
                </ConfirmButton>
              }
            />
          ))}
        </Rows>
      )}
      <KeyForm />
      {(keys.error ?? remove.error) !== null && <Failure error={keys.error ?? remove.error} />}
    </section>
  );
}

function KeyForm() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => client.profile.createKey({ name }),
    onSuccess: () => {
      setName('');
      return queries.invalidateQueries({ queryKey: KEYS });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <>
      <form className={styles.line} onSubmit={submit}>
        <TextField
          label={t('account.keyName')}
          required
          maxLength={100}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <Button type="submit" disabled={make.isPending || name.trim() === ''}>
          {t('account.makeKey')}
        </Button>
      </form>
      {make.data !== undefined && (
        <Notice kind="caution" title={t('account.secret', { name: make.data.name })}>
          <p>{t('account.secretText')}</p>
          <p>
            <code className={styles.secret}>{make.data.key}</code>
          </p>
          <Button onClick={() => make.reset()}>{t('account.secretKept')}</Button>
        </Notice>
      )}
      {make.error !== null && <Failure error={make.error} />}
    </>
  );
}
