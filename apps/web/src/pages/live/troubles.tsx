import { ConnectionError } from '@sotto/client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import type { LiveState } from './session/live-session.ts';
import { SoundFailure } from './sound/sound-failure.tsx';

/** A connection that is there again so soon is nothing to speak of. */
const BREAK_MS = 2_000;

/** What keeps the session from going on, and what to do. */
export function Troubles({ state }: { state: LiveState }) {
  const { t } = useTranslation(['translation', 'live']);
  const { phase, isConnected, soundError, error, endReason } = state;
  const lastsLong = useLasting(!isConnected, BREAK_MS);
  const isOnline = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  if (phase === 'failed') return <Failure error={error} />;
  if (phase === 'over') {
    if (endReason !== 'quota' && endReason !== 'failed') return null;
    return (
      <Notice kind="danger" title={t(`live:ends.${endReason}`)}>
        <p>{t(`live:endsAdvice.${endReason}`)}</p>
      </Notice>
    );
  }
  const isAway = !isOnline || lastsLong;
  return (
    <>
      {soundError !== null && <SoundFailure error={soundError} />}
      {isAway && (error === null || error instanceof ConnectionError) && (
        <Notice kind="caution" title={t('live:away')}>
          <p>{t('live:awayAdvice')}</p>
        </Notice>
      )}
      {error !== null && !(error instanceof ConnectionError) && <Failure error={error} />}
    </>
  );
}

function useLasting(isSo: boolean, ms: number): boolean {
  const [hasLasted, setHasLasted] = useState(false);
  useEffect(() => {
    setHasLasted(false);
    if (!isSo) return;
    const timer = setTimeout(() => setHasLasted(true), ms);
    return () => clearTimeout(timer);
  }, [isSo, ms]);
  return isSo && hasLasted;
}

function subscribeToNetwork(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
