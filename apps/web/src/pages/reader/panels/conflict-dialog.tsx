import type { WireEditConflict } from '@sotto/contracts/wire';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import styles from './panels.module.css';

interface ConflictDialogProps {
  conflicts: readonly WireEditConflict[];
  onMine: () => void;
  onTheirs: () => void;
  onClose: () => void;
}

/** Somebody else has changed the same lines: both versions, side by side. */
export function ConflictDialog({ conflicts, onMine, onTheirs, onClose }: ConflictDialogProps) {
  const { t } = useTranslation();
  const textOf = (version: WireEditConflict['yours']): string =>
    version === null || version.state !== 'kept' ? t('conflict.gone') : version.text.trim();
  return (
    <Dialog title={t('conflict.title')} isWide onClose={onClose}>
      <p>{t('conflict.text')}</p>
      {conflicts.map(({ segment, yours, theirs }) => (
        <div key={segment} className={styles.versions}>
          <section>
            <h3>{t('conflict.yours')}</h3>
            <p>{textOf(yours)}</p>
          </section>
          <section>
            <h3>{t('conflict.theirs')}</h3>
            <p>{textOf(theirs)}</p>
          </section>
        </div>
      ))}
      <div className={styles.actions}>
        <Button onClick={onTheirs}>{t('conflict.takeTheirs')}</Button>
        <Button kind="primary" onClick={onMine}>
          {t('conflict.keepMine')}
        </Button>
      </div>
    </Dialog>
  );
}
