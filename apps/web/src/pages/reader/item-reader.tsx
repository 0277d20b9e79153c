import type { WireItem } from '@sotto/client';
import { fromWireUnedited } from '@sotto/transcript';
import { useQueryClient } from '@tanstack/react-query';
import { startTransition, useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { Failure } from '../../components/failure.tsx';
import { Editor } from './editor/editor.ts';
import { BrowserPendingStore } from './editor/pending-store.ts';
import { firstLinesQuery } from './first-lines.ts';
import { itemSource } from './item-source.ts';
import { ItemTools } from './item-tools.tsx';
import { usePlayer } from './player/use-player.ts';
import { Reader } from './reader.tsx';

/** How often it is asked what others have changed, while nothing is pending. */
const REFRESH_MS = 15_000;

interface ItemReaderProps {
  item: WireItem;
  /** In seconds. null: at the start. */
  startAt: number | null;
  query: string;
}

export function ItemReader({ item, startAt, query }: ItemReaderProps) {
  const { id, audio, duration, rights } = item;
  const { editor, error } = useEditor(id, startAt);
  const player = usePlayer(audio === null ? null : client.library.audioUrl(id));
  if (error !== null) return <Failure error={error} onRetry={() => window.location.reload()} />;
  if (editor === null) return null;
  const recording =
    player === null || audio === null || duration === null
      ? null
      : { player, itemId: id, bytes: audio.bytes, durationMs: duration * 1000 };
  return (
    <Reader editor={editor} recording={recording} isReadOnly={rights === 'read'} startAt={startAt} query={query}>
      <ItemTools item={item} editor={editor} />
    </Reader>
  );
}

function useEditor(itemId: string, startAt: number | null): { editor: Editor | null; error: unknown } {
  const [editor, setEditor] = useState<Editor | null>(null);
  const [error, setError] = useState<unknown>(null);
  const queries = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it began does not matter later
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const open = async () => {
      const [store, first] = await Promise.all([
        BrowserPendingStore.open(itemId),
        queries.ensureQueryData(firstLinesQuery(itemId, startAt ?? 0)),
      ]);
      if (signal.aborted) return store.close();
      queries.removeQueries({ queryKey: firstLinesQuery(itemId, startAt ?? 0).queryKey });
      const opened = new Editor(itemSource(itemId, signal), store, fromWireUnedited(first));
      signal.addEventListener('abort', () => {
        store.close();
        opened.close();
      });
      // In slices: the page goes on answering while its first lines are made.
      startTransition(() => setEditor(opened));
      await opened.open();
      const refresh = () => void opened.refresh().catch(() => {});
      const timer = setInterval(refresh, REFRESH_MS);
      signal.addEventListener('abort', () => clearInterval(timer));
      window.addEventListener('online', () => void opened.flush(), { signal });
      window.addEventListener('focus', refresh, { signal });
    };
    open().catch((reason) => {
      if (!signal.aborted) setError(reason);
    });
    return () => abort.abort();
  }, [itemId]);
  return { editor, error };
}
