import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../../api/client.ts';

export interface FollowedJob {
  /** null: nothing has been heard yet. */
  progress: number | null;
  stage: string | null;
  /** What has been transcribed so far, in order. */
  texts: readonly string[];
}

const NOTHING: FollowedJob = { progress: null, stage: null, texts: [] };

/** What the service tells of a job while it runs, from its beginning. @param isFollowed false: nothing is asked. */
export function useFollowedJob(jobId: string, isFollowed: boolean): FollowedJob {
  const [followed, setFollowed] = useState(NOTHING);
  const queries = useQueryClient();
  useEffect(() => {
    if (!isFollowed) return;
    const abort = new AbortController();
    setFollowed(NOTHING);
    const follow = async () => {
      for await (const { event } of client.events(jobId, { signal: abort.signal })) {
        if (event.type === 'progress') {
          const { progress, stage } = event;
          setFollowed((before) => ({ ...before, progress, stage }));
        } else if (event.type === 'text') {
          const { text } = event;
          setFollowed((before) => ({ ...before, texts: [...before.texts, text] }));
        }
      }
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    };
    // Without events the list is asked again every few seconds anyway.
    follow().catch(() => {});
    return () => abort.abort();
  }, [jobId, isFollowed, queries]);
  return followed;
}
