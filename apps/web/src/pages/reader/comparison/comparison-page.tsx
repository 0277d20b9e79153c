import type { WireItem } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ChevronDown, ChevronUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { client } from '../../../api/client.ts';
import { IconButton } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { Notice } from '../../../components/notice.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { itemQuery } from '../first-lines.ts';
import type { Player } from '../player/player.ts';
import { PlayerBar } from '../player/player-bar.tsx';
import { usePlayer } from '../player/use-player.ts';
import { useReaderKeys } from '../use-reader-keys.ts';
import { ComparedRows, type ComparedRowsHandle } from './compared-rows.tsx';
import styles from './comparison.module.css';
import { Figures } from './figures.tsx';
import { namesOf } from './names.ts';
import { type Compared, useComparison } from './use-comparison.ts';

const BUSY_MS = 2_000;

/** Two transcripts of one recording, side by side, with what differs marked. */
export function ComparisonPage() {
  const { t } = useTranslation();
  const { itemId = '', otherId = '' } = useParams();
  const [first, second] = [useItem(itemId), useItem(otherId)];
  const items = [first.data, second.data];
  const isReady = items.every((item) => item?.status === 'completed');
  const { result, error } = useComparison(itemId, otherId, isReady);
  const player = usePlayer(first.data?.audio ? client.library.audioUrl(itemId) : null);
  const failure = first.error ?? second.error ?? error;
  return (
    <>
      <PageHeader title={t('comparison.title')} lead={first.data?.title ?? ''}>
        <Link className={styles.back} to={`/library/${itemId}`}>
          <ArrowLeft size={16} aria-hidden="true" />
          {t('print.back')}
        </Link>
      </PageHeader>
      {failure !== null && <Failure error={failure} onRetry={() => window.location.reload()} />}
      {items.map(
        (item) => item !== undefined && item.status !== 'completed' && <Unfinished key={item.id} item={item} />,
      )}
      {result !== null && first.data !== undefined && second.data !== undefined && (
        <Differences result={result} items={[first.data, second.data]} player={player} />
      )}
    </>
  );
}

function useItem(id: string) {
  return useQuery({
    ...itemQuery(id),
    refetchInterval: ({ state }) => (state.data?.status === 'processing' ? BUSY_MS : false),
  });
}

function Unfinished({ item }: { item: WireItem }) {
  const { t } = useTranslation();
  if (item.status === 'processing')
    return <Notice kind="info" title={t('comparison.processing', { name: item.title })} />;
  return (
    <Notice kind="danger" title={t(`jobs.statuses.${item.status}`)}>
      <p>{item.detail ?? item.title}</p>
    </Notice>
  );
}

interface DifferencesProps {
  result: Compared;
  items: readonly [WireItem, WireItem];
  player: Player | null;
}

function Differences({ result, items, player }: DifferencesProps) {
  const { t } = useTranslation();
  const { rows } = result;
  const list = useRef<ComparedRowsHandle>(null);
  const [active, setActive] = useState(-1);
  const go = (by: 1 | -1): void => {
    const differs = (at: number): boolean => rows[at]?.sides.some((side) => side.some((part) => part.differs)) === true;
    let next = active + by;
    while (next >= 0 && next < rows.length && !differs(next)) next += by;
    if (rows[next] === undefined || next < 0) return;
    setActive(next);
    list.current?.reveal(next);
  };
  useReaderKeys({
    n: () => go(1),
    'shift+n': () => go(-1),
    space: () => player?.toggle(),
    p: () => player?.play(rows[Math.max(0, active)]?.startMs),
  });
  const [{ id, audio, duration }] = items;
  return (
    <>
      <Figures items={items} result={result} />
      <div className={styles.top}>
        {player !== null && audio !== null && duration !== null && (
          <PlayerBar player={player} itemId={id} bytes={audio.bytes} durationMs={duration * 1000} speech={NONE} />
        )}
        <div className={styles.heads}>
          {items.map((item, at) => (
            <h2 key={item.id}>
              <Link to={`/library/${item.id}`}>{namesOf(items)[at]}</Link>
            </h2>
          ))}
          <div className={styles.steps}>
            <IconButton label={t('comparison.previous')} onClick={() => go(-1)}>
              <ChevronUp size={18} aria-hidden="true" />
            </IconButton>
            <IconButton label={t('comparison.next')} onClick={() => go(1)}>
              <ChevronDown size={18} aria-hidden="true" />
            </IconButton>
          </div>
        </div>
      </div>
      <ComparedRows ref={list} rows={rows} active={active} onHear={(atMs) => player?.play(atMs)} />
    </>
  );
}

const NONE: [] = [];
