import type { WireOverview } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../usage/formats.ts';
import styles from './figures.module.css';

export function Figures({ overview }: { overview: WireOverview }) {
  const { t } = useTranslation('operate');
  const { number, minutes, duration, bytes } = useFormats();
  const { speed, redis, backlog_audio_seconds: backlog } = overview;
  return (
    <dl className={styles.figures} aria-label={t('overview.figures')}>
      <Figure
        name={t('overview.speed')}
        value={speed === null ? '–' : t('times', { speed: number(speed, speed < 10 ? 1 : 0) })}
        hint={speed === null ? t('overview.notMeasured') : t('overview.speedHint')}
      />
      <Figure
        name={t('overview.jobs')}
        value={number(overview.jobs)}
        hint={t('overview.jobsHint', { minutes: minutes(backlog) })}
      />
      <Figure
        name={t('overview.done')}
        value={backlog === 0 ? '–' : duration(overview.backlog_seconds)}
        hint={backlog === 0 ? t('overview.nothing') : t('overview.doneHint')}
      />
      <Figure
        name={t('overview.workers')}
        value={number(overview.workers_ready)}
        hint={t('overview.workersHint', { count: overview.workers })}
      />
      <Figure
        name={t('overview.slots')}
        value={number(overview.slots_busy)}
        hint={t('overview.slotsHint', { count: overview.slots })}
      />
      <Figure
        name={t('overview.memory')}
        value={bytes(redis.used_bytes)}
        hint={
          redis.limit_bytes === null
            ? t('overview.memoryNoLimit')
            : t('overview.memoryHint', { limit: bytes(redis.limit_bytes) })
        }
      />
    </dl>
  );
}

function Figure({ name, value, hint }: { name: string; value: string; hint: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.hint}>{hint}</dd>
    </div>
  );
}
