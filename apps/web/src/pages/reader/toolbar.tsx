import { Columns2, Copy, Eye, EyeOff, Keyboard, Redo2, Search, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../components/button.tsx';
import type { EditorState } from './editor/editor-state.ts';
import { SaveStatus } from './panels/save-status.tsx';
import styles from './reader.module.css';

interface ToolbarProps {
  state: EditorState;
  isReadOnly: boolean;
  /** Lines that were deleted, or left out. */
  goneCount: number;
  showsGone: boolean;
  showsOriginal: boolean;
  isFinding: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onFind: () => void;
  onShowGone: () => void;
  onShowOriginal: () => void;
  onHelp: () => void;
  onCopy: () => void;
  onConflict: () => void;
  children?: ReactNode;
}

export function Toolbar(props: ToolbarProps) {
  const { state, isReadOnly, goneCount, showsGone, showsOriginal, isFinding, children } = props;
  const { t } = useTranslation();
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('reader.tools')}>
      {!isReadOnly && (
        <>
          <IconButton label={t('reader.undo')} disabled={!state.canUndo} onClick={props.onUndo}>
            <Undo2 size={18} aria-hidden="true" />
          </IconButton>
          <IconButton label={t('reader.redo')} disabled={!state.canRedo} onClick={props.onRedo}>
            <Redo2 size={18} aria-hidden="true" />
          </IconButton>
        </>
      )}
      <IconButton label={t('reader.find')} aria-pressed={isFinding} onClick={props.onFind}>
        <Search size={18} aria-hidden="true" />
      </IconButton>
      <IconButton label={t('reader.compare')} aria-pressed={showsOriginal} onClick={props.onShowOriginal}>
        <Columns2 size={18} aria-hidden="true" />
      </IconButton>
      {goneCount > 0 && (
        <IconButton label={t('reader.gone', { count: goneCount })} aria-pressed={showsGone} onClick={props.onShowGone}>
          {showsGone ? <Eye size={18} aria-hidden="true" /> : <EyeOff size={18} aria-hidden="true" />}
        </IconButton>
      )}
      <IconButton className={styles.keys ?? ''} label={t('reader.keys')} onClick={props.onHelp}>
        <Keyboard size={18} aria-hidden="true" />
      </IconButton>
      <div className={styles.rest}>
        {!isReadOnly && <SaveStatus state={state} />}
        {state.save === 'conflict' && <Button onClick={props.onConflict}>{t('reader.settle')}</Button>}
        <Button className={styles.tool} onClick={props.onCopy}>
          <Copy size={16} aria-hidden="true" />
          <span>{t('reader.copy')}</span>
        </Button>
        {children}
      </div>
    </div>
  );
}
