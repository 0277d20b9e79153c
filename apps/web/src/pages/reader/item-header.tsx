import type { WireItem } from '@sotto/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useFacts } from './item-facts.ts';
import { Feedback } from './panels/feedback.tsx';
import styles from './panels/panels.module.css';

/** What an item is called, and what is known of it. */
export function ItemHeader({ item }: { item: WireItem }) {
  const { t } = useTranslation();
  const [isNaming, setIsNaming] = useState(false);
  return (
    <PageHeader title={item.title} lead={useFacts(item)}>
      {item.rights !== 'read' && (
        <IconButton label={t('reader.rename')} onClick={() => setIsNaming(true)}>
          <Pencil size={18} aria-hidden="true" />
        </IconButton>
      )}
      {item.rights === 'owner' && item.status === 'completed' && <Feedback item={item} />}
      {isNaming && <NameDialog item={item} onClose={() => setIsNaming(false)} />}
    </PageHeader>
  );
}

function NameDialog({ item, onClose }: { item: WireItem; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [title, setTitle] = useState(item.title);
  const [tags, setTags] = useState(item.tags.join(', '));
  const [folder, setFolder] = useState(item.folder ?? '');
  const folders = useQuery({
    queryKey: ['library', 'folders'],
    queryFn: ({ signal }) => client.library.folders({ signal }),
  });
  const change = useMutation({
    mutationFn: () =>
      client.library.change(item.id, {
        title: title.trim(),
        ...(item.rights === 'owner' && { folder: folder === '' ? null : folder }),
        tags: tags
          .split(',')
          .map((tag) => tag.trim())
          .filter((tag) => tag !== ''),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['library'] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Dialog title={t('reader.rename')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label={t('reader.title')}
          required
          maxLength={300}
          value={title}
          onChange={({ target }) => setTitle(target.value)}
        />
        <TextField
          label={t('reader.tags')}
          hint={t('options.termsHint')}
          value={tags}
          onChange={({ target }) => setTags(target.value)}
        />
        {folders.data !== undefined && folders.data.length > 0 && item.rights === 'owner' && (
          <SelectField label={t('reader.folder')} value={folder} onChange={({ target }) => setFolder(target.value)}>
            <option value="">{t('reader.noFolder')}</option>
            {folders.data.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
        {change.isError && <Failure error={change.error} />}
        <div className={styles.actions}>
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={change.isPending || title.trim() === ''}>
            {t('dialog.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
