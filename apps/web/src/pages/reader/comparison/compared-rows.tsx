import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Fragment, memo, type Ref, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../../components/button.tsx';
import { clockText } from '../../../i18n/durations.ts';
import type { Part, Row } from './compare.ts';
import styles from './comparison.module.css';

const OVERSCAN = 8;
const ESTIMATED_PX = 90;

export interface ComparedRowsHandle {
  reveal(index: number): void;
}

interface ComparedRowsProps {
  ref: Ref<ComparedRowsHandle>;
  rows: readonly Row[];
  /** -1: none. */
  active: number;
  onHear: (atMs: number) => void;
}

/** All rows, of which only those in view are in the document: so both sides scroll as one. */
export function ComparedRows({ ref, rows, active, onHear }: ComparedRowsProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    setScrollMargin((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ESTIMATED_PX,
    overscan: OVERSCAN,
    scrollMargin,
  });
  useImperativeHandle(ref, () => ({ reveal: (index) => virtualizer.scrollToIndex(index, { align: 'center' }) }));
  return (
    <ol
      ref={list}
      className={styles.rows}
      aria-label={t('comparison.rows')}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start }) => {
        const row = rows[index];
        return (
          row !== undefined && (
            <li
              key={index}
              ref={virtualizer.measureElement}
              data-index={index}
              className={styles.item}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              aria-current={index === active}
              style={{ transform: `translateY(${start - scrollMargin}px)` }}
            >
              <ComparedRow row={row} isActive={index === active} onHear={onHear} />
            </li>
          )
        );
      })}
    </ol>
  );
}

const ComparedRow = memo(function ComparedRow({
  row: { startMs, sides },
  isActive,
  onHear,
}: {
  row: Row;
  isActive: boolean;
  onHear: (atMs: number) => void;
}) {
  const { t } = useTranslation();
  const time = clockText(startMs / 1000);
  return (
    <div className={classes(styles.row, isActive && styles.active)}>
      <button
        type="button"
        className={styles.time}
        aria-label={t('line.hear', { time })}
        onClick={() => onHear(startMs)}
      >
        {time}
      </button>
      <Side parts={sides[0]} isFirst />
      <Side parts={sides[1]} isFirst={false} />
    </div>
  );
});

function Side({ parts, isFirst }: { parts: readonly Part[]; isFirst: boolean }) {
  const Mark = isFirst ? 'del' : 'ins';
  return (
    <p className={styles.side}>
      {parts.map(({ text, differs }, at) => {
        const words = text.trimStart();
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are where they are
          <Fragment key={at}>
            {text.slice(0, text.length - words.length)}
            {differs ? <Mark>{words}</Mark> : words}
          </Fragment>
        );
      })}
    </p>
  );
}
