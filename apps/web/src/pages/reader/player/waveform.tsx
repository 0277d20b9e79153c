import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../../i18n/durations.ts';
import { peaksOf } from './peaks.ts';
import type { Player } from './player.ts';
import styles from './waveform.module.css';

interface WaveformProps {
  player: Player;
  itemId: string;
  bytes: number;
  durationMs: number;
  /** When something is said: drawn until the recording has been looked at, and where it is too long for that. */
  speech: readonly { startMs: number; endMs: number }[];
}

const BAR_PITCH_PX = 3;
const LEAST_HEIGHT = 0.04;
const SPEECH_HEIGHT = 0.45;
const SILENCE_HEIGHT = 0.04;

/** What the recording looks like, and where it is. Above the picture lies a slider: that is what is operated. */
export function Waveform({ player, itemId, bytes, durationMs, speech }: WaveformProps) {
  const { t } = useTranslation();
  const picture = useRef<HTMLDivElement>(null);
  const slider = useRef<HTMLInputElement>(null);
  const [peaks, setPeaks] = useState<Float32Array | null>(null);
  const count = useBarCount(picture);
  useEffect(() => {
    const abort = new AbortController();
    peaksOf({ itemId, url: player.audio.src, bytes, durationMs }, abort.signal)
      .then(setPeaks)
      .catch(() => {});
    return () => abort.abort();
  }, [itemId, player, bytes, durationMs]);
  useEffect(() => {
    let shownSeconds = -1;
    return player.watch((atMs) => {
      picture.current?.style.setProperty('--played', `${(100 * atMs) / durationMs}%`);
      const [input, seconds] = [slider.current, Math.round(atMs / 1000)];
      if (input === null || seconds === shownSeconds) return;
      shownSeconds = seconds;
      input.value = String(seconds);
      input.ariaValueText = clockText(seconds);
    });
  }, [player, durationMs]);
  const bars = useMemo(
    () => barsOf(peaks === null ? spoken(speech, durationMs, count) : resampled(peaks, count)),
    [peaks, speech, durationMs, count],
  );
  return (
    <div className={styles.waveform}>
      <div ref={picture} className={styles.picture}>
        {['all', 'played'].map((part) => (
          <svg
            key={part}
            className={styles[part]}
            viewBox={`0 0 ${count} 1`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <path d={bars} />
          </svg>
        ))}
      </div>
      <input
        ref={slider}
        className={styles.slider}
        type="range"
        min={0}
        max={Math.ceil(durationMs / 1000)}
        step={1}
        defaultValue={0}
        aria-label={t('player.position')}
        onChange={({ target }) => player.seek(Number(target.value) * 1000)}
      />
    </div>
  );
}

/** As many as there is room for. */
function useBarCount(place: RefObject<HTMLElement | null>): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setCount(Math.floor(element.clientWidth / BAR_PITCH_PX)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return count;
}

/** The outlines of bars around the middle, each in a unit of width; two thirds of it are the bar, the rest is the gap. */
function barsOf(heights: readonly number[]): string {
  return heights
    .map((share, at) => {
      const height = Math.max(LEAST_HEIGHT, share);
      return `M${at} ${(1 - height) / 2}h.67v${height}h-.67z`;
    })
    .join('');
}

/** The loudest of the peaks that come together in each bar. */
function resampled(peaks: Float32Array, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((at + 1) * peaks.length) / count));
    return peaks.subarray(from, to).reduce((most, peak) => Math.max(most, peak), 0);
  });
}

function spoken(speech: WaveformProps['speech'], durationMs: number, count: number): number[] {
  const heights = new Array<number>(count).fill(SILENCE_HEIGHT);
  for (const { startMs, endMs } of speech) {
    const to = Math.ceil((endMs / durationMs) * count);
    heights.fill(SPEECH_HEIGHT, Math.floor((startMs / durationMs) * count), to);
  }
  return heights;
}
