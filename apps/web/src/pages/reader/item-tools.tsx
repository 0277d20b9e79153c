import type { WireItem } from '@sotto/client';
import { Download, GitCompareArrows, Share2, Volume2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../components/button.tsx';
import { CompareDialog } from './comparison/compare-dialog.tsx';
import type { Editor } from './editor/editor.ts';
import { ExportDialog } from './panels/export-dialog.tsx';
import { ShareDialog } from './panels/share-dialog.tsx';
import styles from './reader.module.css';

/** Loaded when it is first asked for, with the words of the page that speaks. */
const VoicesDialog = lazy(async () => ({ default: (await import('./voices/voices-dialog.tsx')).VoicesDialog }));

/** What can be taken away from an item. */
export function ItemTools({ item, editor }: { item: WireItem; editor: Editor }) {
  const { t } = useTranslation();
  const [isExporting, setIsExporting] = useState(false);
  const [isSharing, setIsSharing] = useState(false);
  const [isComparing, setIsComparing] = useState(false);
  const [isSpeaking, setIsSpeaking] = useState(false);
  return (
    <>
      <Button className={styles.tool} onClick={() => setIsExporting(true)}>
        <Download size={16} aria-hidden="true" />
        <span>{t('export.title')}</span>
      </Button>
      <IconButton label={t('reader.voices')} onClick={() => setIsSpeaking(true)}>
        <Volume2 size={18} aria-hidden="true" />
      </IconButton>
      <IconButton label={t('comparison.title')} onClick={() => setIsComparing(true)}>
        <GitCompareArrows size={18} aria-hidden="true" />
      </IconButton>
      {item.rights === 'owner' && (
        <IconButton label={t('share.title')} onClick={() => setIsSharing(true)}>
          <Share2 size={18} aria-hidden="true" />
        </IconButton>
      )}
      {isSharing && <ShareDialog item={item} onClose={() => setIsSharing(false)} />}
      {isComparing && <CompareDialog item={item} onClose={() => setIsComparing(false)} />}
      {isSpeaking && (
        <Suspense fallback={null}>
          <VoicesDialog item={item} editor={editor} onClose={() => setIsSpeaking(false)} />
        </Suspense>
      )}
      {isExporting && <ExportDialog item={item} editor={editor} onClose={() => setIsExporting(false)} />}
    </>
  );
}
