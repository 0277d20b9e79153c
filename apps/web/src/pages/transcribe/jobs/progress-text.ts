import type { Stage, WireStatus } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { durationText } from '../../../i18n/durations.ts';

const STAGES: readonly string[] = [
  'queued',
  'preparing',
  'transcribing',
  'speaking',
  'matching',
  'assembling',
] satisfies Stage[];
const CAUSES: readonly string[] = ['storage', 'disk', 'redis', 'model'];

type Progress = Pick<WireStatus, 'progress' | 'stage' | 'queue_position' | 'waiting_for' | 'estimated_completion'>;

/** `Transcribing, 42 %, about 3 min left` */
export function useProgressText(job: Progress): string {
  const { t } = useTranslation();
  const { progress, stage = '', queue_position: position, waiting_for: cause, estimated_completion: end } = job;
  // Services to come may have stages and causes of their own.
  const stageText = STAGES.includes(stage) ? t(`jobs.stages.${stage as Stage}`) : t('jobs.stages.transcribing');
  const waits = cause !== undefined && CAUSES.includes(cause) ? t(`jobs.waits.${cause as 'storage'}`) : null;
  if (waits !== null) return waits;
  const secondsLeft = end === undefined ? null : (Date.parse(end) - Date.now()) / 1000;
  return [
    stageText,
    stage === 'queued' && position !== undefined ? t('jobs.position', { position }) : null,
    stage === 'queued' ? null : t('jobs.percent', { percent: Math.floor(progress) }),
    secondsLeft !== null && secondsLeft > 0 ? t('jobs.left', { time: durationText(secondsLeft, t) }) : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
