import type { WireItem } from '@sotto/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { TextField } from '../../components/field.tsx';
import { dayOf, endOf } from '../../i18n/day-field.ts';
import styles from './library.module.css';

/** When an item is deleted by itself. */
export function KeepDialog({ item, onClose }: { item: WireItem; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [day, setDay] = useState(dayOf(item.keep_until));
  const save = useMutation({
    mutationFn: () => client.library.change(item.id, { keep_until: day === '' ? null : endOf(day) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['library'] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={t('keep.title', { name: item.title })} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label={t('keep.until')}
          hint={t('keep.hint')}
          type="date"
          min={dayOf(new Date())}
          value={day}
          onChange={({ target }) => setDay(target.value)}
        />
        {save.isError && <Failure error={save.error} />}
        <div className={styles.actions}>
          {day !== '' && <Button onClick={() => setDay('')}>{t('keep.always')}</Button>}
          <Button kind="primary" type="submit" disabled={save.isPending}>
            {t('dialog.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
