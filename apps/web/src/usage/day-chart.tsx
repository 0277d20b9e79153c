import { lazy, Suspense } from 'react';
import styles from './day-chart.module.css';
import type { DaySeries } from './days.ts';

/** Loaded when the first chart is shown. */
const Canvas = lazy(async () => ({ default: (await import('./day-canvas.tsx')).DayCanvas }));

interface DayChartProps extends DaySeries {
  /** What it shows, for those who cannot see it; a table has the figures. */
  label: string;
}

export function DayChart({ label, ...series }: DayChartProps) {
  return (
    <div className={styles.chart} role="img" aria-label={label}>
      <Suspense fallback={null}>
        <Canvas {...series} />
      </Suspense>
    </div>
  );
}
