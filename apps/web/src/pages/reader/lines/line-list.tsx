import type { EditedSegment, EditedSpeaker } from '@sotto/transcript';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSpeakerName } from '../speaker-names.ts';
import type { LineActions } from './actions.ts';
import type { CurrentWord } from './current-word.ts';
import type { Search } from './find.ts';
import { Line } from './line.tsx';
import styles from './line-list.module.css';

/** Lines above and below what is seen. */
const OVERSCAN = 8;
const ESTIMATED_PX = 76;

export interface LineListHandle {
  /** Into the middle, unless it is in view. */
  reveal(index: number): void;
  isInView(index: number): boolean;
}

export interface LineListProps {
  ref: Ref<LineListHandle>;
  lines: readonly EditedSegment[];
  speakers: readonly EditedSpeaker[];
  /** Texts as they were heard, by the ids of lines; null: they are not shown. */
  originals: ReadonlyMap<string, string> | null;
  current: CurrentWord | null;
  activeId: string | null;
  editingId: string | null;
  selected: ReadonlySet<string>;
  search: Search;
  isReadOnly: boolean;
  actions: LineActions;
}

/** All lines, of which only those in view are in the document. */
export function LineList(props: LineListProps) {
  const { ref, lines, speakers, originals, current, activeId, editingId, selected, search } = props;
  const { t } = useTranslation();
  const nameOf = useSpeakerName(speakers);
  const list = useRef<HTMLOListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    setScrollMargin((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: lines.length,
    estimateSize: () => ESTIMATED_PX,
    overscan: OVERSCAN,
    scrollMargin,
    // A line that is being typed stays, wherever somebody looks meanwhile.
    rangeExtractor: (range) => {
      const typed = editingId === null ? -1 : lines.findIndex(({ id }) => id === editingId);
      const shown = new Set(defaultRangeExtractor(range));
      return [...(typed < 0 ? shown : shown.add(typed))].sort((a, b) => a - b);
    },
    getItemKey: (index) => lines[index]?.id ?? index,
  });
  const isInView = (index: number): boolean => {
    const shown = list.current?.querySelector(`[data-index="${index}"]`)?.getBoundingClientRect();
    return shown !== undefined && shown.top > COVERED_PX && shown.bottom < window.innerHeight - COVERED_PX;
  };
  useImperativeHandle(ref, () => ({
    isInView,
    reveal: (index) => {
      if (!isInView(index)) virtualizer.scrollToIndex(index, { align: 'center' });
    },
  }));
  useEffect(() => {
    if (activeId === null || document.activeElement?.closest('dialog, [data-panel]')) return;
    const line = list.current?.querySelector<HTMLElement>(`[data-line-id="${CSS.escape(activeId)}"]`);
    if (line !== null && !line?.contains(document.activeElement)) line?.focus({ preventScroll: true });
  }, [activeId]);
  return (
    <ol
      ref={list}
      className={styles.list}
      aria-label={t('reader.lines')}
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start, key }) => {
        const segment = lines[index];
        if (segment === undefined) return null;
        const { id, speaker, state } = segment;
        const before = lines[index - 1];
        const isContinued = before?.state === 'kept' && before.speaker === speaker;
        const isActive = id === activeId;
        return (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            data-line-id={id}
            className={styles.item}
            aria-setsize={lines.length}
            aria-posinset={index + 1}
            aria-current={isActive}
            // The line that the keys act on has the focus.
            tabIndex={isActive || (activeId === null && index === 0) ? 0 : -1}
            style={{ transform: `translateY(${start - scrollMargin}px)` }}
          >
            <Line
              segment={segment}
              speaker={speaker === undefined ? null : nameOf(speaker)}
              showsSpeaker={speakers.length > 0 && state === 'kept' && (!isContinued || isActive)}
              isReadOnly={props.isReadOnly}
              isActive={isActive}
              isSelected={selected.has(id)}
              isEditing={id === editingId}
              currentWord={current?.segmentId === id ? current.word : null}
              search={search}
              original={originals === null ? null : (originals.get(id) ?? '')}
              actions={props.actions}
            />
          </li>
        );
      })}
    </ol>
  );
}

/** What the player and the bar of the phone cover. */
const COVERED_PX = 150;
