import type { WireFolder } from '@sotto/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FolderPlus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { TextField } from '../../components/field.tsx';
import type { Filter } from './filter.ts';
import styles from './library.module.css';

interface FolderBarProps {
  filter: Filter;
  onChange: (changes: Partial<Filter>) => void;
}

/** Folders, and the tag that is looked for. */
export function FolderBar({ filter, onChange }: FolderBarProps) {
  const { t } = useTranslation();
  const [isNaming, setIsNaming] = useState<WireFolder | 'new' | null>(null);
  const folders = useQuery({
    queryKey: ['library', 'folders'],
    queryFn: ({ signal }) => client.library.folders({ signal }),
  });
  const chosen = folders.data?.find(({ id }) => id === filter.folder);
  return (
    <div className={styles.bar}>
      <Chip isOn={filter.folder === ''} onClick={() => onChange({ folder: '' })}>
        {t('library.all')}
      </Chip>
      {folders.data?.map(({ id, name }) => (
        <Chip key={id} isOn={filter.folder === id} onClick={() => onChange({ folder: id })}>
          {name}
        </Chip>
      ))}
      <IconButton label={t('library.newFolder')} onClick={() => setIsNaming('new')}>
        <FolderPlus size={18} aria-hidden="true" />
      </IconButton>
      {chosen?.rights === 'owner' && (
        <Button kind="quiet" onClick={() => setIsNaming(chosen)}>
          {t('library.changeFolder')}
        </Button>
      )}
      {filter.tag !== '' && (
        <Button
          kind="quiet"
          aria-label={t('library.withoutTag', { tag: filter.tag })}
          onClick={() => onChange({ tag: '' })}
        >
          #{filter.tag}
          <X size={16} aria-hidden="true" />
        </Button>
      )}
      {isNaming !== null && (
        <FolderDialog
          folder={isNaming === 'new' ? null : isNaming}
          onDeleted={() => onChange({ folder: '' })}
          onClose={() => setIsNaming(null)}
        />
      )}
    </div>
  );
}

interface ChipProps {
  isOn: boolean;
  onClick: () => void;
  children: string;
}

function Chip({ isOn, onClick, children }: ChipProps) {
  return (
    <button type="button" className={styles.chip} aria-pressed={isOn} onClick={onClick}>
      {children}
    </button>
  );
}

interface FolderDialogProps {
  /** null: a new one. */
  folder: WireFolder | null;
  onDeleted: () => void;
  onClose: () => void;
}

function FolderDialog({ folder, onDeleted, onClose }: FolderDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(folder?.name ?? '');
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: ['library'] });
    onClose();
  };
  const save = useMutation({
    mutationFn: () =>
      folder === null
        ? client.library.createFolder({ name: name.trim() })
        : client.library.changeFolder(folder.id, { name: name.trim() }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: async () => {
      if (folder !== null) await client.library.deleteFolder(folder.id);
    },
    onSuccess: async () => {
      onDeleted();
      await onSuccess();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog title={folder === null ? t('library.newFolder') : t('library.changeFolder')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label={t('library.folderName')}
          required
          maxLength={100}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        {(save.isError || remove.isError) && <Failure error={save.error ?? remove.error} />}
        <div className={styles.actions}>
          {folder !== null && (
            <ConfirmButton
              kind="quiet"
              question={t('jobs.deleteQuestion', { name: folder.name })}
              consequence={t('library.folderConsequence')}
              action={t('dialog.delete')}
              onConfirm={() => remove.mutate()}
            >
              {t('dialog.delete')}
            </ConfirmButton>
          )}
          <Button kind="primary" type="submit" disabled={name.trim() === '' || save.isPending}>
            {t('dialog.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
