import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { clockText } from '../../i18n/durations.ts';
import { localeFor } from '../../i18n/locale.ts';
import { saveFile } from '../../storage/save-file.ts';
import { liveDesk } from './session/live-desk.ts';
import type { LiveSession, LiveState } from './session/live-session.ts';
import styles from './session-view.module.css';

/** What people call it -> what it is. */
const FORMATS = { txt: 'text', srt: 'srt', vtt: 'vtt' } as const;

/** What can be done with the text when nobody speaks any more. */
export function Ended({ session, state: { phase, lines, jobIds } }: { session: LiveSession; state: LiveState }) {
  const { t, i18n } = useTranslation(['translation', 'live']);
  const [isCopied, setIsCopied] = useState(false);
  const locale = localeFor(i18n.language);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(session.startedAtMs);
  const copy = async () => {
    await navigator.clipboard.writeText(lines.map(({ text }) => text).join('\n'));
    setIsCopied(true);
  };
  const save = async (format: 'text' | 'srt' | 'vtt') => {
    const { rendered } = await import('./session/rendered.ts');
    const { content, ending, type } = rendered(lines, session.seconds(), format);
    saveFile(content, `${t('live:title')} ${date}.${ending}`, type);
  };
  return (
    <div className={styles.bar}>
      <p className={styles.facts}>{[date, clockText(session.seconds())].join(' · ')}</p>
      <div className={styles.actions}>
        {lines.length > 0 && (
          <>
            <Button onClick={() => void copy()}>
              <Copy size={16} aria-hidden="true" />
              {t('live:copy')}
            </Button>
            {Object.entries(FORMATS).map(([name, format]) => (
              <Button key={name} aria-label={t('live:download', { format: name })} onClick={() => void save(format)}>
                <Download size={16} aria-hidden="true" />
                {name}
              </Button>
            ))}
          </>
        )}
        {phase === 'failed' && <Button onClick={() => session.again()}>{t('errors.again')}</Button>}
        <ConfirmButton
          kind="primary"
          question={t('live:newQuestion')}
          consequence={t(jobIds.length > 0 ? 'live:newConsequenceKept' : 'live:newConsequence')}
          action={t('live:new')}
          onConfirm={() => void liveDesk.clear()}
        >
          {t('live:new')}
        </ConfirmButton>
      </div>
      <p className="unseen" role="status">
        {isCopied && t('live:copied')}
      </p>
    </div>
  );
}
