import { ConnectionError } from '@sotto/client';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import type { LiveSession, LiveState } from './session/live-session.ts';
import { SoundFailure } from './sound/sound-failure.tsx';

/** What keeps the session from going on, and what to do. */
export function Troubles({ session, state }: { session: LiveSession; state: LiveState }) {
  const { t } = useTranslation();
  const { phase, isConnected, soundError, error, endReason } = state;
  const isOnline = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  if (phase === 'failed') return <Failure error={error} onRetry={() => session.again()} />;
  if (phase === 'over') {
    if (endReason !== 'quota' && endReason !== 'failed') return null;
    return (
      <Notice kind="danger" title={t(`live.ends.${endReason}`)}>
        <p>{t(`live.endsAdvice.${endReason}`)}</p>
      </Notice>
    );
  }
  const isAway = !isOnline || (!isConnected && phase !== 'starting');
  return (
    <>
      {soundError !== null && <SoundFailure error={soundError} />}
      {isAway && (error === null || error instanceof ConnectionError) && (
        <Notice kind="caution" title={t('live.away')}>
          <p>{t('live.awayAdvice')}</p>
        </Notice>
      )}
      {error !== null && !(error instanceof ConnectionError) && <Failure error={error} />}
    </>
  );
}

function subscribeToNetwork(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
