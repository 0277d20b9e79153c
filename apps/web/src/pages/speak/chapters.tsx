import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { clockText } from '../../i18n/durations.ts';
import styles from './chapters.module.css';
import { SpokenPlayer } from './spoken-player.tsx';

/** Those of what was spoken, to listen from; nothing where there are none. */
export function Chapters({ jobId, onHear }: { jobId: string; onHear: () => void }) {
  const { t } = useTranslation(['translation', 'speak']);
  const player = useRef<HTMLAudioElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  // Once it has been made, it stays as it is.
  const spoken = useQuery({
    queryKey: ['spoken', jobId],
    queryFn: () => client.speech.result(jobId),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const chapters = spoken.data?.chapters ?? [];
  if (chapters.length === 0) return null;
  const hearFrom = async (start: number) => {
    onHear();
    setIsOpen(true);
    const audio = player.current;
    if (audio === null) return;
    audio.currentTime = start;
    await audio.play();
  };
  return (
    <div className={styles.chapters}>
      <h2>{t('speak:chapters')}</h2>
      <Rows label={t('speak:chapters')}>
        {chapters.map(({ title, start }) => (
          <Row
            key={`${start} ${title}`}
            name={title}
            facts={clockText(start)}
            actions={
              <Button aria-label={t('speak:hearChapter', { title })} onClick={() => void hearFrom(start)}>
                {t('speak:hear')}
              </Button>
            }
          />
        ))}
      </Rows>
      <SpokenPlayer ref={player} hidden={!isOpen} preload="none" jobId={jobId} label={t('speak:sound')} />
    </div>
  );
}
