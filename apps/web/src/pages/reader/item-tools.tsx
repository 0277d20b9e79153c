import type { WireItem } from '@sotto/client';
import { Check, Copy, Download, Share2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../components/button.tsx';
import type { Editor } from './editor/editor.ts';
import { ExportDialog } from './panels/export-dialog.tsx';
import { ShareDialog } from './panels/share-dialog.tsx';
import { plainText } from './plain-text.ts';
import styles from './reader.module.css';
import { useSpeakerName } from './speaker-names.ts';

/** What can be taken away from an item. */
export function ItemTools({ item, editor }: { item: WireItem; editor: Editor }) {
  const { t } = useTranslation();
  const [isExporting, setIsExporting] = useState(false);
  const [isSharing, setIsSharing] = useState(false);
  const [isCopied, setIsCopied] = useState(false);
  const nameOf = useSpeakerName(editor.current().transcript.speakers);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(plainText(editor.current().transcript, nameOf));
    setIsCopied(true);
  };
  return (
    <>
      <Button className={styles.tool} onClick={() => void copy()} onBlur={() => setIsCopied(false)}>
        {isCopied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
        <span>{isCopied ? t('reader.copied') : t('reader.copy')}</span>
      </Button>
      <Button className={styles.tool} onClick={() => setIsExporting(true)}>
        <Download size={16} aria-hidden="true" />
        <span>{t('export.title')}</span>
      </Button>
      {item.rights === 'owner' && (
        <IconButton label={t('share.title')} onClick={() => setIsSharing(true)}>
          <Share2 size={18} aria-hidden="true" />
        </IconButton>
      )}
      {isSharing && <ShareDialog item={item} onClose={() => setIsSharing(false)} />}
      {isExporting && <ExportDialog item={item} editor={editor} onClose={() => setIsExporting(false)} />}
    </>
  );
}
