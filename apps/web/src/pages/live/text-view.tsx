import { ArrowDown } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { clockText } from '../../i18n/durations.ts';
import type { PartialText } from './session/hearing.ts';
import type { LiveState } from './session/live-session.ts';
import { type LiveLine, startOf } from './session/live-text.ts';
import styles from './text-view.module.css';

/** Nobody scrolls exactly to the end. */
const NEAR_END_PX = 48;

/** The text, with its end in view unless somebody has scrolled up. What is certain is read out, what may change is not. */
export function TextView({ state: { lines, partial, phase }, isOver }: { state: LiveState; isOver: boolean }) {
  const { t } = useTranslation(['translation', 'live']);
  const { box, isFollowing, follow, look } = useFollowedEnd(lines, partial);
  const beginsLine = partial !== null && partial.index === lines.length;
  const isEmpty = lines.length === 0 && partial === null;
  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it with the keys */}
      <section ref={box} className={styles.box} tabIndex={0} aria-label={t('live:text')} onScroll={look}>
        {isEmpty && <p className={styles.empty}>{t(isOver ? 'live:nothingSaid' : emptyText(phase))}</p>}
        <div role="log" aria-label={t('live:text')}>
          {lines.map((line) => (
            <Line key={line.index} line={line} partial={partial?.index === line.index ? partial.text : ''} />
          ))}
        </div>
        {beginsLine && (
          <div className={styles.line} aria-hidden="true">
            <span className={styles.time}>{clockText(partial.start)}</span>
            <p className={styles.words}>
              <span className={styles.partial}>{partial.text}</span>
            </p>
          </div>
        )}
      </section>
      {!isFollowing && (
        <Button className={styles.jump ?? ''} onClick={follow}>
          <ArrowDown size={16} aria-hidden="true" />
          {t('live:toEnd')}
        </Button>
      )}
    </div>
  );
}

const emptyText = (phase: LiveState['phase']) => (phase === 'paused' ? 'live:paused' : 'live:listening');

const Line = memo(({ line, partial }: { line: LiveLine; partial: string }) => (
  <div className={styles.line}>
    <time className={styles.time}>{clockText(startOf(line))}</time>
    <p className={styles.words}>
      {line.text}
      {partial !== '' && (
        <span className={styles.partial} aria-hidden="true">
          {` ${partial}`}
        </span>
      )}
    </p>
  </div>
));

function useFollowedEnd(lines: readonly LiveLine[], partial: PartialText | null) {
  const box = useRef<HTMLElement>(null);
  const [isFollowing, setIsFollowing] = useState(true);
  const scroll = useRef({ isFollowed: true, top: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more text
  useEffect(() => {
    if (scroll.current.isFollowed) toEnd(box.current);
  }, [lines, partial]);
  // The text gets other lines when the window gets another width, and fonts come late.
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (scroll.current.isFollowed) toEnd(element);
    });
    for (const observed of [element, ...element.children]) observer.observe(observed);
    return () => observer.disconnect();
  }, []);
  const look = () => {
    const element = box.current;
    if (element === null) return;
    const { scrollTop: top, scrollHeight, clientHeight } = element;
    const isAtEnd = scrollHeight - top - clientHeight < NEAR_END_PX;
    // More text alone moves nothing up: that was somebody who reads.
    const isFollowed = isAtEnd || (scroll.current.isFollowed && top >= scroll.current.top);
    scroll.current = { isFollowed, top };
    setIsFollowing(isFollowed);
  };
  const follow = () => {
    toEnd(box.current);
    box.current?.focus();
  };
  return { box, isFollowing, follow, look };
}

function toEnd(element: HTMLElement | null): void {
  if (element !== null) element.scrollTop = element.scrollHeight;
}
