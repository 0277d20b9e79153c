import { Film, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { Downloads } from '../../speak/downloads.tsx';
import { SpokenPlayer } from '../../speak/spoken-player.tsx';
import type { DubState } from './use-dub.ts';
import styles from './voices-dialog.module.css';

interface DubbedProps {
  state: DubState;
  onStop: () => void;
  onAgain: () => void;
}

/** How far a dub is, and when it is made, its sound. */
export function Dubbed({ state: { phase, jobId, video, progress, error }, onStop, onAgain }: DubbedProps) {
  const { t } = useTranslation(['translation', 'speak']);
  if (phase === 'none') return null;
  return (
    <section className={styles.dubbed} aria-label={t('speak:transcript.dubbed')}>
      <p role="status">{t(`speak:transcript.phases.${phase}`)}</p>
      {phase === 'working' && (
        <>
          <ProgressBar percent={progress} label={t('speak:progress')} />
          <div>
            <Button onClick={onStop} disabled={jobId === null}>
              <Square size={16} aria-hidden="true" />
              {t('speak:stop')}
            </Button>
          </div>
        </>
      )}
      {phase === 'failed' && <Failure error={error} onRetry={onAgain} />}
      {phase === 'made' && jobId !== null && (
        <>
          <SpokenPlayer preload="metadata" jobId={jobId} label={t('speak:transcript.dubbed')} />
          {video === 'impossible' && <p>{t('speak:transcript.noVideo')}</p>}
          {video === 'made' && (
            <div>
              <LinkButton href={client.speech.resultUrl(jobId, 'video')} download>
                <Film size={16} aria-hidden="true" />
                {t('speak:transcript.video')}
              </LinkButton>
            </div>
          )}
          <Downloads jobId={jobId} />
        </>
      )}
    </section>
  );
}
