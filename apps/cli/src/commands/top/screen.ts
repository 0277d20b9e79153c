import { table } from '../../terminal/output.ts';
import type { Snapshot } from './snapshot.ts';

const UNKNOWN = '-';

/** The snapshot as text for a terminal. */
export function screenOf(snapshot: Snapshot): string {
  return [headOf(snapshot), lanesOf(snapshot), queuesOf(snapshot), workersOf(snapshot), jobsOf(snapshot)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function headOf({
  at,
  status,
  warnings,
  recordings,
  audio_waiting_seconds: audio,
  backlog_seconds: backlog,
  speed,
}: Snapshot) {
  const figures = [
    `${number(recordings)} recordings`,
    `${duration(audio)} of audio waiting`,
    `done in ${duration(backlog)}`,
    `${number(speed)} times real time`,
  ];
  return [
    `Sotto is ${status} at ${at.slice(11, 19)} UTC: ${figures.join(', ')}`,
    ...warnings.map((text) => `  ! ${text}`),
  ].join('\n');
}

function lanesOf({ lanes }: Snapshot): string {
  const rows = lanes.map(({ lane, recordings, oldest_waiting_seconds: oldest }) => [
    lane,
    number(recordings),
    duration(oldest),
  ]);
  return table([['LANE', 'RECORDINGS', 'OLDEST WAITS'], ...rows]);
}

function queuesOf({ queues }: Snapshot): string {
  if (queues.length === 0) return '';
  return table([
    ['QUEUE', 'WAITING', 'ACTIVE'],
    ...queues.map(({ queue, waiting, active }) => [queue, String(waiting), String(active)]),
  ]);
}

function workersOf({ workers }: Snapshot): string {
  if (workers === null) return 'Workers are only shown with an admin key (--admin-key).';
  const rows = workers.flatMap(({ id, state, draining, roles, engines }) => {
    const [engine] = engines;
    const tooLarge = engine?.too_large_models.join(',') || UNKNOWN;
    const slots = engine === undefined ? UNKNOWN : `${engine.slots_busy}/${engine.slots}`;
    return [
      [
        id,
        draining ? 'draining' : state,
        roles.join(','),
        engine?.device ?? UNKNOWN,
        engine?.default_model ?? UNKNOWN,
        slots,
        number(engine?.speed ?? null),
        tooLarge,
      ],
    ];
  });
  return table([['WORKER', 'STATE', 'ROLES', 'DEVICE', 'MODEL', 'SLOTS', 'SPEED', 'TOO LARGE'], ...rows]);
}

function jobsOf({ jobs }: Snapshot): string {
  if (jobs === null || jobs.length === 0) return '';
  const rows = jobs.map(({ job_id: id, stage = UNKNOWN, progress, duration: length, file_name: file }) => {
    return [id, stage, `${Math.floor(progress)} %`, duration(length ?? null), file];
  });
  return table([['JOB', 'STAGE', 'PROGRESS', 'LENGTH', 'FILE'], ...rows]);
}

const number = (value: number | null): string => (value === null ? UNKNOWN : String(Math.round(value * 10) / 10));

/** `8 s`, `12 min`, `3.5 h` */
function duration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
