import { useEffect, useRef, useState } from 'react';
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

const BAR_PX = 2;
const GAP_PX = 1;
const SPEECH_HEIGHT = 0.45;
const SILENCE_HEIGHT = 0.04;

/** What the recording looks like, and where it is. Above the picture lies a slider: that is what is operated. */
export function Waveform({ player, itemId, bytes, durationMs, speech }: WaveformProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const slider = useRef<HTMLInputElement>(null);
  const [peaks, setPeaks] = useState<Float32Array | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    peaksOf({ itemId, url: player.audio.src, bytes, durationMs }, abort.signal)
      .then(setPeaks)
      .catch(() => {});
    return () => abort.abort();
  }, [itemId, player, bytes, durationMs]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const heights = (count: number) => (peaks === null ? spoken(speech, durationMs, count) : resampled(peaks, count));
    const draw = () => paint(element, heights, player.atMs / durationMs);
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    const unwatch = player.watch((atMs) => {
      draw();
      const input = slider.current;
      if (input === null) return;
      input.value = String(Math.round(atMs / 1000));
      input.ariaValueText = clockText(atMs / 1000);
    });
    return () => {
      observer.disconnect();
      unwatch();
    };
  }, [player, peaks, speech, durationMs]);
  return (
    <div className={styles.waveform}>
      <canvas ref={canvas} className={styles.picture} />
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

function paint(canvas: HTMLCanvasElement, heightsOf: (count: number) => number[], played: number): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio;
  if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
    canvas.width = width * ratio;
    canvas.height = height * ratio;
  }
  const context = canvas.getContext('2d');
  if (context === null || width === 0) return;
  const { color, accentColor } = getComputedStyle(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const heights = heightsOf(Math.floor(width / (BAR_PX + GAP_PX)));
  heights.forEach((share, at) => {
    context.fillStyle = at / heights.length < played ? accentColor : color;
    const barHeight = Math.max(2, share * height);
    context.fillRect(at * (BAR_PX + GAP_PX), (height - barHeight) / 2, BAR_PX, barHeight);
  });
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
