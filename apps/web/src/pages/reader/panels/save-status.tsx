import { Check, CloudOff, RefreshCw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EditorState } from '../editor/editor-state.ts';
import styles from './save-status.module.css';

const ICONS = {
  opening: RefreshCw,
  saved: Check,
  saving: RefreshCw,
  offline: CloudOff,
  conflict: TriangleAlert,
  refused: TriangleAlert,
};

/** Whether the service has every edit. */
export function SaveStatus({ state }: { state: EditorState }) {
  const { t } = useTranslation();
  const { save, pending } = state;
  const Icon = ICONS[save];
  return (
    <p className={styles.status} data-state={save} role="status">
      <Icon size={16} aria-hidden="true" />
      <span>{t(`save.${save}`, { count: pending })}</span>
    </p>
  );
}
