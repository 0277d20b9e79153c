import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './day-chart.module.css';
import type { DaySeries } from './days.ts';

const DAY_STEPS = [1, 2, 7, 14, 28, 56, 91];
const LABEL_PIXELS = 64;
const AXIS_PIXELS = 48;

/** A bar for each day. */
export function DayCanvas({ days, dayText, valueText }: DaySeries) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current;
    if (host === null) return;
    let plot = draw(host, { days, dayText, valueText });
    const redraw = () => {
      plot.destroy();
      plot = draw(host, { days, dayText, valueText });
    };
    const size = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight }));
    size.observe(host);
    const theme = window.matchMedia('(prefers-color-scheme: dark)');
    theme.addEventListener('change', redraw);
    return () => {
      theme.removeEventListener('change', redraw);
      size.disconnect();
      plot.destroy();
    };
  }, [days, dayText, valueText]);
  return <div ref={place} className={styles.canvas} />;
}

function draw(host: HTMLElement, { days, dayText, valueText }: DaySeries): uPlot {
  const { color, fill, stroke, fontFamily } = getComputedStyle(host);
  const axis = { stroke: color, font: `12px ${fontFamily}`, ticks: { show: false } };
  const labels = (_plot: uPlot, places: number[]) => places.map((index) => dayText(days[index]?.day ?? ''));
  const highest = Math.max(1, ...days.map(({ value }) => value));
  return new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [-0.5, days.length - 0.5] }, y: { range: [0, highest * 1.1] } },
      axes: [
        { ...axis, grid: { show: false }, incrs: DAY_STEPS, space: LABEL_PIXELS, values: labels },
        {
          ...axis,
          size: AXIS_PIXELS,
          grid: { stroke, width: 1 },
          values: (_plot: uPlot, values: number[]) => values.map(valueText),
        },
      ],
      series: [
        {},
        { fill, stroke: fill, width: 0, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.6, 32] }) },
      ],
    },
    [days.map((_, index) => index), days.map(({ value }) => value)],
    host,
  );
}
