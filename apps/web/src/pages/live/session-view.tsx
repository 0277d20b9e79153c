import { Maximize2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Captions } from './captions/captions.tsx';
import { Controls } from './controls.tsx';
import { Ended } from './ended.tsx';
import { KeptItems } from './kept-items.tsx';
import type { LiveSession } from './session/live-session.ts';
import { useLive } from './session/use-live.ts';
import styles from './session-view.module.css';
import { TextView } from './text-view.tsx';
import { Troubles } from './troubles.tsx';
import { useWakeLock } from './use-wake-lock.ts';

/** What is heard and what becomes of it. */
export function SessionView({ session }: { session: LiveSession }) {
  const { t } = useTranslation(['translation', 'live']);
  const state = useLive(session);
  const [hasCaptions, setHasCaptions] = useState(false);
  const isOver = state.phase === 'over' || state.phase === 'failed';
  useWakeLock(!isOver);
  return (
    <div className={styles.session}>
      <PageHeader title={t('live:title')}>
        <Button onClick={() => setHasCaptions(true)}>
          <Maximize2 size={16} aria-hidden="true" />
          {t('live:captions')}
        </Button>
      </PageHeader>
      {isOver ? <Ended session={session} state={state} /> : <Controls session={session} state={state} />}
      {isOver && <KeptItems jobIds={state.jobIds} />}
      <Troubles state={state} />
      <TextView state={state} isOver={isOver} />
      {hasCaptions && <Captions state={state} onClose={() => setHasCaptions(false)} />}
    </div>
  );
}
