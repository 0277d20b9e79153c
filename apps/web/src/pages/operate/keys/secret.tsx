import type { WireNewKey } from '@sotto/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Notice } from '../../../components/notice.tsx';
import styles from './keys.module.css';

/** A secret, the only time it is told. */
export function Secret({ issued, onDone }: { issued: WireNewKey; onDone: () => void }) {
  const { t } = useTranslation('operate');
  return (
    <Notice kind="caution" title={t('keys.secret', { name: issued.name })}>
      <p>{t('keys.secretText')}</p>
      <Copied text={issued.key} />
      {issued.webhook_secret !== undefined && (
        <>
          <p>{t('keys.webhookSecret')}</p>
          <Copied text={issued.webhook_secret} />
        </>
      )}
      <Button onClick={onDone}>{t('keys.done')}</Button>
    </Notice>
  );
}

function Copied({ text }: { text: string }) {
  const { t } = useTranslation('operate');
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={styles.secret}>
      <code>{text}</code>
      {/* Browsers have no clipboard for pages over http that are not on this machine. */}
      {'clipboard' in navigator && (
        <Button onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {t(isCopied ? 'keys.copied' : 'keys.copy')}
        </Button>
      )}
    </div>
  );
}
