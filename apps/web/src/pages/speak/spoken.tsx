import type { WireSpokenWord } from '@sotto/client';
import { Pause, Play, Square } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, classes } from '../../components/button.tsx';
import { Failure } from '../../components/failure.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Chapters } from './chapters.tsx';
import { Downloads } from './downloads.tsx';
import type { Speech } from './speech/speech.ts';
import { useSpeech } from './speech/use-speech.ts';
import { partsOf } from './speech/words.ts';
import styles from './spoken.module.css';

/** A text that is spoken: what is heard is lit. */
export function Spoken({ speech, onAgain }: { speech: Speech; onAgain: () => void }) {
  const { t } = useTranslation(['translation', 'speak']);
  const { phase, isPaused, jobId, pieces, heard, words, heardWord, progress, error } = useSpeech(speech);
  const isUnderWay = phase === 'asking' || phase === 'speaking';
  const isHeard = phase === 'speaking' || heard >= 0;
  return (
    <section className={styles.spoken} aria-label={t('speak:spoken')}>
      <div className={styles.bar}>
        {isHeard && (
          <Button aria-pressed={isPaused} onClick={() => void speech.togglePause()}>
            {isPaused ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
            {isPaused ? t('speak:goOn') : t('speak:pause')}
          </Button>
        )}
        {(isUnderWay || isHeard) && (
          <Button onClick={() => speech.stop()}>
            <Square size={16} aria-hidden="true" />
            {t('speak:stop')}
          </Button>
        )}
        <p role="status">{t(`speak:phases.${phase}`)}</p>
      </div>
      {isUnderWay && <ProgressBar percent={progress} label={t('speak:progress')} />}
      {phase === 'failed' && <Failure error={error} onRetry={onAgain} />}
      <p className={styles.text}>
        {pieces.map(({ text, start }, index) => (
          <span key={start} aria-current={index === heard} className={classes(index === heard && styles.heard)}>
            {index === heard ? <Lit text={text} words={words.get(index) ?? []} heard={heardWord} /> : text}{' '}
          </span>
        ))}
      </p>
      {phase === 'made' && jobId !== null && (
        <>
          <Downloads jobId={jobId} />
          <Chapters jobId={jobId} onHear={() => speech.stop()} />
        </>
      )}
    </section>
  );
}

/** The piece that is heard, with the word in it that is. */
function Lit({ text, words, heard }: { text: string; words: readonly WireSpokenWord[]; heard: number }) {
  return partsOf(text, words).map((part) =>
    part.word === heard ? (
      <mark key={part.at} className={styles.word}>
        {part.text}
      </mark>
    ) : (
      <Fragment key={part.at}>{part.text}</Fragment>
    ),
  );
}
