import type { DubItemOptions } from '@sotto/client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../../api/client.ts';
import type { Editor } from '../editor/editor.ts';

export interface DubState {
  phase: 'none' | 'working' | 'made' | 'stopped' | 'failed';
  jobId: string | null;
  /** Of what it was to be put into, too; null: that was not asked for. */
  video: 'made' | 'impossible' | null;
  /** Of 100. */
  progress: number;
  error: unknown;
}

const NONE: DubState = { phase: 'none', jobId: null, video: null, progress: 0, error: null };

export interface Dub {
  state: DubState;
  start(options: DubItemOptions): Promise<void>;
  /** Stops the work. */
  stop(): void;
  /** Shows nothing of it any more. */
  forget(): void;
}

/** Dubs an item, one dub at a time. One that is under way goes on when the page is left: it is among what was spoken. */
export function useDub(itemId: string, editor: Editor): Dub {
  const [state, setState] = useState(NONE);
  const leave = useRef(new AbortController());
  const queries = useQueryClient();
  useEffect(() => () => leave.current.abort(), []);
  const begin = (next: DubState): AbortSignal => {
    leave.current.abort();
    leave.current = new AbortController();
    setState(next);
    return leave.current.signal;
  };

  async function start(options: DubItemOptions): Promise<void> {
    const signal = begin({ ...NONE, phase: 'working' });
    const change = (changes: Partial<DubState>) => {
      if (!signal.aborted) setState((before) => ({ ...before, ...changes }));
    };
    try {
      await editor.flush();
      const { job_id: jobId } = await client.speech.dubItem(itemId, options, { signal });
      change({ jobId });
      await client.wait(jobId, {
        signal,
        onEvent: (event) => event.type === 'progress' && change({ progress: event.progress }),
      });
      change({ phase: 'made', video: options.video === true ? await videoOf(jobId, signal) : null });
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    } catch (error) {
      change({ phase: 'failed', error });
    }
  }

  return {
    state,
    start,
    stop: () => {
      if (state.jobId !== null) void client.cancel(state.jobId).catch(() => {});
      begin({ ...NONE, phase: 'stopped' });
    },
    forget: () => void begin(NONE),
  };
}

/** The sound is there even if no video can be made of the recording. */
async function videoOf(jobId: string, signal: AbortSignal): Promise<'made' | 'impossible'> {
  const { video } = await client.speech.result(jobId, { signal });
  return video === undefined ? 'impossible' : 'made';
}
