import type { EditedSegment, EditedSpeaker } from '@sotto/transcript';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { SelectField } from '../../../components/field.tsx';
import { plainText } from '../plain-text.ts';
import { useSpeakerName } from '../speaker-names.ts';
import { useTextParts } from '../text-parts.ts';
import styles from './panels.module.css';
import { TextPartsFields } from './text-parts-fields.tsx';

interface CopyDialogProps {
  lines: readonly EditedSegment[];
  /** Several: they may be copied alone. */
  selected: readonly EditedSegment[];
  speakers: readonly EditedSpeaker[];
  onClose: () => void;
}

/** The text for somewhere else, with or without times and speakers. */
export function CopyDialog({ lines, selected, speakers, onClose }: CopyDialogProps) {
  const { t } = useTranslation();
  const nameOf = useSpeakerName(speakers);
  const [parts, setParts] = useTextParts();
  const [scope, setScope] = useState<'all' | 'selection'>(selected.length > 1 ? 'selection' : 'all');
  const [copied, setCopied] = useState<number | null>(null);
  const copy = async (): Promise<void> => {
    const chosen = scope === 'all' ? lines : selected;
    await navigator.clipboard.writeText(plainText(chosen, nameOf, parts));
    setCopied(chosen.filter(({ state }) => state === 'kept').length);
  };
  return (
    <Dialog title={t('copy.title')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void copy();
        }}
      >
        {selected.length > 1 && (
          <SelectField
            label={t('copy.what')}
            value={scope}
            onChange={({ target }) => setScope(target.value as typeof scope)}
          >
            <option value="all">{t('copy.all')}</option>
            <option value="selection">{t('speakers.selection', { count: selected.length })}</option>
          </SelectField>
        )}
        <TextPartsFields parts={parts} hasSpeakers={speakers.length > 0} onChange={setParts} />
        <div className={styles.actions}>
          <p className={styles.count} role="status">
            {copied !== null && t('copy.done', { count: copied })}
          </p>
          <Button kind="primary" type="submit">
            <Copy size={16} aria-hidden="true" />
            {t('copy.copy')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
