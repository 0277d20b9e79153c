import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useLibrarySettings } from '../../api/library.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { loadMessages } from '../../i18n/part-messages.ts';
import { useDefaults } from '../../transcription/defaults.ts';
import { liveDesk } from './session/live-desk.ts';
import type { LiveSession } from './session/live-session.ts';
import { useLive } from './session/use-live.ts';
import { SessionView } from './session-view.tsx';
import { Setup } from './setup.tsx';

await loadMessages('live');

/** Text while somebody speaks. */
export function LivePage() {
  const { isReady, session } = useSyncExternalStore(liveDesk.subscribe, liveDesk.current);
  useEffect(() => {
    void liveDesk.restore();
  }, []);
  if (isReady && session !== null) return <Begun key={session.id} session={session} />;
  return <NotBegun isReady={isReady} refusal={null} />;
}

/** Whoever is refused at the beginning chooses again. */
function Begun({ session }: { session: LiveSession }) {
  const { phase, error } = useLive(session);
  if (phase === 'failed' && !session.hasBegun) return <NotBegun isReady refusal={error} />;
  return <SessionView session={session} />;
}

function NotBegun({ isReady, refusal }: { isReady: boolean; refusal: unknown }) {
  const { t } = useTranslation(['translation', 'live']);
  const defaults = useDefaults();
  const library = useLibrarySettings();
  return (
    <>
      <PageHeader title={t('live:title')} lead={t('live:lead')} />
      {isReady && defaults !== null && !library.isPending && (
        <Setup defaults={defaults} hasLibrary={library.isSuccess} refusal={refusal} />
      )}
    </>
  );
}
