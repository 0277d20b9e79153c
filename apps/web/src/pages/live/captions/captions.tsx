import { AArrowDown, AArrowUp, Contrast, ListMinus, ListPlus, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import type { LiveState } from '../session/live-session.ts';
import styles from './captions.module.css';
import { CONTRASTS, MOST_LINES, SIZES, useCaptionSettings } from './settings.ts';

/** What was said before these lines has left any screen. */
const SHOWN_LINES = 12;

const STEPS: Record<string, ['size' | 'lines', number]> = {
  ArrowUp: ['size', 1],
  ArrowDown: ['size', -1],
  ArrowRight: ['lines', 1],
  ArrowLeft: ['lines', -1],
};

/** The text for a hall: nothing else on the screen, as large as it has to be. Escape leaves it. */
export function Captions({ state: { lines, partial }, onClose }: { state: LiveState; onClose: () => void }) {
  const { t } = useTranslation(['translation', 'live']);
  const dialog = useFullScreen(onClose);
  const [settings, change] = useCaptionSettings();
  const { size, lines: count, contrast } = settings;
  const step = (name: 'size' | 'lines', by: number) => () => change({ [name]: settings[name] + by });
  const onKeyDown = (event: KeyboardEvent) => {
    const [name, by] = STEPS[event.key] ?? [];
    if (name === undefined || by === undefined) return;
    event.preventDefault();
    step(name, by)();
  };
  const next = CONTRASTS[(CONTRASTS.indexOf(contrast) + 1) % CONTRASTS.length] ?? 'dark';
  return (
    <dialog
      ref={dialog}
      className={styles.captions}
      data-contrast={contrast}
      aria-label={t('live:captions')}
      onKeyDown={onKeyDown}
      onClose={onClose}
      style={{ '--caption-size': `${SIZES[size]}rem`, '--caption-lines': count } as React.CSSProperties}
    >
      <div className={styles.tools} role="toolbar" aria-label={t('live:captionTools')}>
        <IconButton label={t('live:smaller')} disabled={size === 0} onClick={step('size', -1)}>
          <AArrowDown size={22} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('live:larger')} disabled={size === SIZES.length - 1} onClick={step('size', 1)}>
          <AArrowUp size={22} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('live:fewerLines')} disabled={count === 1} onClick={step('lines', -1)}>
          <ListMinus size={22} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('live:moreLines')} disabled={count === MOST_LINES} onClick={step('lines', 1)}>
          <ListPlus size={22} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('live:contrast')} onClick={() => change({ contrast: next })}>
          <Contrast size={22} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('live:leaveCaptions')} onClick={() => dialog.current?.close()}>
          <X size={22} aria-hidden="true" />
        </IconButton>
      </div>
      <div className={styles.window}>
        <div className={styles.text} role="log" aria-label={t('live:text')}>
          {lines.slice(-SHOWN_LINES).map(({ index, text }) => (
            <p key={index}>
              {text}
              {partial?.index === index && (
                <span className={styles.partial} aria-hidden="true">
                  {` ${partial.text}`}
                </span>
              )}
            </p>
          ))}
        </div>
        {partial !== null && partial.index === lines.length && (
          <p className={styles.partial} aria-hidden="true">
            {partial.text}
          </p>
        )}
      </div>
    </dialog>
  );
}

/** Over the whole page, and over the whole screen where the browser does that. */
function useFullScreen(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (!element.open) element.showModal();
    void element.requestFullscreen?.().catch(() => {});
    // The browser itself takes the key that leaves the full screen.
    const look = () => {
      if (document.fullscreenElement === null) element.close();
    };
    document.addEventListener('fullscreenchange', look);
    return () => {
      document.removeEventListener('fullscreenchange', look);
      if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => {});
    };
  }, []);
  return dialog;
}
