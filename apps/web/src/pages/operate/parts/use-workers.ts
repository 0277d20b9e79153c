import type { WireWorker } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../../api/client.ts';
import type { Tone } from './chip.tsx';

const LOOK_AGAIN_MS = 3_000;

export function useWorkers() {
  return useQuery({
    queryKey: ['operate', 'workers'],
    queryFn: ({ signal }) => client.admin.workers({ signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
}

type ShownState = WireWorker['state'] | 'draining' | 'drained';

/** `drained`: it takes nothing new, and has nothing left. */
export function shownState({ state, draining, engines }: WireWorker): ShownState {
  if (!draining) return state;
  return engines.every(({ slots_busy: busy }) => busy === 0) ? 'drained' : 'draining';
}

export const STATE_TONES: Record<ShownState, Tone> = {
  starting: 'plain',
  ready: 'good',
  stopping: 'caution',
  draining: 'caution',
  drained: 'plain',
};
