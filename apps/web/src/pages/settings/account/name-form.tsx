import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { TextField } from '../../../components/field.tsx';
import styles from './account.module.css';

export function NameForm({ name: before }: { name: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(before);
  const save = useMutation({
    mutationFn: () => client.profile.change({ name }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={styles.line} onSubmit={submit}>
      <TextField
        label={t('account.name')}
        autoComplete="name"
        required
        maxLength={100}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <Button type="submit" disabled={save.isPending || name.trim() === '' || name === before}>
        {t('account.save')}
      </Button>
      {save.error !== null && <Failure error={save.error} />}
    </form>
  );
}
