import type { EditedSpeaker } from '@sotto/transcript';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { SelectField, TextField } from '../../../components/field.tsx';
import { useSpeakerName } from '../speaker-names.ts';
import styles from './panels.module.css';

export type SpeakerScope = 'line' | 'all' | 'selection';

export interface SpeakerChoice {
  /** A number in use, the next one, or nobody. */
  speaker: number | null;
  scope: SpeakerScope;
  /** What the speaker is called from now on, everywhere; null: as before. */
  name: string | null;
}

interface SpeakerDialogProps {
  speakers: readonly EditedSpeaker[];
  /** Of the line that was asked about; null: nobody. */
  speaker: number | null;
  selectedCount: number;
  onChoose: (choice: SpeakerChoice) => void;
  onClose: () => void;
}

const NOBODY = 'nobody';

/** Who says a line, all lines of somebody, or those that are selected; and what they are called. */
export function SpeakerDialog({ speakers, speaker, selectedCount, onChoose, onClose }: SpeakerDialogProps) {
  const { t } = useTranslation();
  const nameOf = useSpeakerName(speakers);
  const [chosen, setChosen] = useState(speaker === null ? NOBODY : String(speaker));
  const [scope, setScope] = useState<SpeakerScope>(selectedCount > 1 ? 'selection' : 'line');
  const known = chosen === NOBODY ? undefined : speakers[Number(chosen)];
  const [name, setName] = useState(known?.name ?? '');
  const choose = (value: string): void => {
    setChosen(value);
    setName(value === NOBODY ? '' : (speakers[Number(value)]?.name ?? ''));
  };
  const save = (): void => {
    const isRenamed = chosen !== NOBODY && name.trim() !== (known?.name ?? '');
    onChoose({
      speaker: chosen === NOBODY ? null : Number(chosen),
      scope,
      name: isRenamed && name.trim() !== '' ? name.trim() : null,
    });
    onClose();
  };
  return (
    <Dialog title={t('speakers.title')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <SelectField label={t('speakers.who')} value={chosen} onChange={({ target }) => choose(target.value)}>
          {speakers.map((_, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: speakers are their numbers
            <option key={number} value={number}>
              {nameOf(number)}
            </option>
          ))}
          <option value={speakers.length}>{t('speakers.another')}</option>
          <option value={NOBODY}>{t('speakers.nobody')}</option>
        </SelectField>
        <SelectField
          label={t('speakers.where')}
          value={scope}
          onChange={({ target }) => setScope(target.value as SpeakerScope)}
        >
          <option value="line">{t('speakers.line')}</option>
          {speaker !== null && <option value="all">{t('speakers.all', { name: nameOf(speaker) })}</option>}
          {selectedCount > 1 && <option value="selection">{t('speakers.selection', { count: selectedCount })}</option>}
        </SelectField>
        {chosen !== NOBODY && (
          <TextField
            label={t('speakers.name')}
            hint={t('speakers.nameHint')}
            value={name}
            maxLength={100}
            autoComplete="off"
            onChange={({ target }) => setName(target.value)}
          />
        )}
        <div className={styles.actions}>
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button kind="primary" type="submit">
            {t('speakers.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
