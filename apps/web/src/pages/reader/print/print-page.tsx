import type { WireItem } from '@sotto/client';
import { type EditedTranscript, segmentsOf } from '@sotto/transcript';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Printer } from 'lucide-react';
import { startTransition, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { clockText } from '../../../i18n/durations.ts';
import { itemQuery } from '../first-lines.ts';
import { useFacts } from '../item-facts.ts';
import { useTranscript } from '../loading/use-transcript.ts';
import { nextTask } from '../next-task.ts';
import { TextPartsFields } from '../panels/text-parts-fields.tsx';
import { useSpeakerName } from '../speaker-names.ts';
import { useTextParts } from '../text-parts.ts';
import { paragraphsOf } from './paragraphs.ts';
import styles from './print-page.module.css';

/** A transcript as a document, for paper or for a PDF, which browsers make with the fonts of every script that they have. */
export function PrintPage() {
  const { itemId = '' } = useParams();
  const item = useQuery(itemQuery(itemId));
  const { transcript, error } = useTranscript(itemId);
  const failure = item.error ?? error;
  if (failure !== null) return <Failure error={failure} onRetry={() => window.location.reload()} />;
  if (item.data === undefined) return null;
  return <PrintedItem item={item.data} transcript={transcript} />;
}

function PrintedItem({ item, transcript }: { item: WireItem; transcript: EditedTranscript | null }) {
  const { t } = useTranslation();
  const [parts, setParts] = useTextParts();
  const facts = useFacts(item);
  const speakers = transcript?.speakers ?? [];
  const nameOf = useSpeakerName(speakers);
  const paragraphs = useMemo(() => (transcript === null ? [] : paragraphsOf(segmentsOf(transcript))), [transcript]);
  const shown = useGrowing(paragraphs.length);
  const isWhole = transcript !== null && shown >= paragraphs.length;
  return (
    <>
      <div className={styles.tools}>
        <Link className={styles.back} to={`/library/${item.id}`}>
          <ArrowLeft size={16} aria-hidden="true" />
          {t('print.back')}
        </Link>
        <TextPartsFields parts={parts} hasSpeakers={speakers.length > 0} onChange={setParts} />
        <Button kind="primary" disabled={!isWhole} onClick={() => window.print()}>
          <Printer size={16} aria-hidden="true" />
          {t('print.print')}
        </Button>
      </div>
      <article className={styles.paper}>
        <PageHeader title={item.title} lead={facts} />
        <div lang={item.language ?? undefined}>
          {paragraphs.slice(0, shown).map(({ startMs, speaker, isOther, text }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs are where they are
            <section key={at} className={styles.paragraph}>
              {parts.times && <p className={styles.time}>{clockText(startMs / 1000)}</p>}
              <div>
                {parts.speakers && isOther && speaker !== undefined && (
                  <p className={styles.speaker} lang={document.documentElement.lang}>
                    {nameOf(speaker)}
                  </p>
                )}
                <p className={styles.text}>{text}</p>
              </div>
            </section>
          ))}
        </div>
      </article>
    </>
  );
}

const PARAGRAPHS_A_TASK = 40;

/** Hours of talk are thousands of paragraphs: some at a time, so that the page goes on answering. */
function useGrowing(count: number): number {
  const [shown, setShown] = useState(0);
  useEffect(() => {
    if (shown >= count) return;
    let isOver = false;
    void nextTask().then(() => {
      if (!isOver) startTransition(() => setShown(Math.min(count, shown + PARAGRAPHS_A_TASK)));
    });
    return () => {
      isOver = true;
    };
  }, [shown, count]);
  return shown;
}
