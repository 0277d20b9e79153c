import type { WireItem } from '@sotto/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Failure } from '../../../components/failure.tsx';
import { SelectField } from '../../../components/field.tsx';
import styles from '../panels/panels.module.css';

const LISTED = 100;

/** With what an item is compared: another item, or what another model makes of the same recording. */
export function CompareDialog({ item, onClose }: { item: WireItem; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const open = (otherId: string) => navigate(`/library/${item.id}/compare/${otherId}`);
  return (
    <Dialog title={t('comparison.title')} onClose={onClose}>
      {item.audio !== null && <AnotherModel item={item} onMade={open} />}
      <AnotherItem item={item} onChosen={open} />
    </Dialog>
  );
}

function AnotherModel({ item, onMade }: { item: WireItem; onMade: (id: string) => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('');
  const models = useQuery({ queryKey: ['models'], queryFn: ({ signal }) => client.models({ signal }) });
  const others = (models.data?.models ?? []).filter(({ name, installed }) => installed && name !== item.model);
  const model = chosen || (others[0]?.name ?? '');
  const transcribe = useMutation({
    mutationFn: async () => {
      const { job_id: id } = await client.submit(
        { itemId: item.id },
        {
          model,
          keep: true,
          ...(item.language !== null && { language: item.language }),
          ...(item.task === 'translate' && { task: 'translate' as const }),
          ...(item.speakers !== null && { diarize: true }),
        },
      );
      // Both would have the name of the file.
      await client.library.change(id, { title: `${item.title} (${model})`.slice(0, 300) }).catch(() => {});
      return id;
    },
    onSuccess: onMade,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    transcribe.mutate();
  };
  if (models.isSuccess && others.length === 0) return <p>{t('comparison.noModel')}</p>;
  return (
    <form className={styles.form} onSubmit={submit}>
      <SelectField
        label={t('comparison.model')}
        hint={t('comparison.modelHint')}
        value={model}
        onChange={({ target }) => setChosen(target.value)}
      >
        {others.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      {transcribe.isError && <Failure error={transcribe.error} />}
      <div className={styles.actions}>
        <Button kind="primary" type="submit" disabled={model === '' || transcribe.isPending}>
          {t('comparison.transcribe')}
        </Button>
      </div>
    </form>
  );
}

function AnotherItem({ item, onChosen }: { item: WireItem; onChosen: (id: string) => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('');
  const list = useQuery({
    queryKey: ['library', 'comparable'],
    queryFn: ({ signal }) => client.library.list({ status: 'completed', limit: LISTED, signal }),
  });
  const others = (list.data?.items ?? []).filter(({ id }) => id !== item.id).toSorted(byLikeness(item));
  const id = chosen || (others[0]?.id ?? '');
  if (others.length === 0) return null;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onChosen(id);
      }}
    >
      <SelectField label={t('comparison.item')} value={id} onChange={({ target }) => setChosen(target.value)}>
        {others.map((other) => (
          <option key={other.id} value={other.id}>
            {[other.title, other.model].filter(Boolean).join(' · ')}
          </option>
        ))}
      </SelectField>
      <div className={styles.actions}>
        <Button type="submit">{t('comparison.compare')}</Button>
      </div>
    </form>
  );
}

/** Those of the same recording first. */
const byLikeness = (item: WireItem) => (one: WireItem, other: WireItem) => likeness(other, item) - likeness(one, item);

const likeness = (one: WireItem, item: WireItem): number =>
  Number(one.audio?.bytes === item.audio?.bytes) * 2 + Number(one.duration === item.duration);
