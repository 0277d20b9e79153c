import type { WireItem } from '@sotto/client';
import { useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { Failure } from '../../components/failure.tsx';
import { Editor } from './editor/editor.ts';
import { BrowserPendingStore } from './editor/pending-store.ts';
import { itemSource } from './item-source.ts';
import { ItemTools } from './item-tools.tsx';
import { usePlayer } from './player/use-player.ts';
import { Reader } from './reader.tsx';

/** How often it is asked what others have changed, while nothing is pending. */
const REFRESH_MS = 15_000;

interface ItemReaderProps {
  item: WireItem;
  startMs: number | null;
  query: string;
}

export function ItemReader({ item, startMs, query }: ItemReaderProps) {
  const { id, audio, duration, rights } = item;
  const { editor, error } = useEditor(id);
  const player = usePlayer(audio === null ? null : client.library.audioUrl(id));
  if (error !== null) return <Failure error={error} onRetry={() => window.location.reload()} />;
  if (editor === null) return null;
  const recording =
    player === null || audio === null || duration === null
      ? null
      : { player, itemId: id, bytes: audio.bytes, durationMs: duration * 1000 };
  return (
    <Reader editor={editor} recording={recording} isReadOnly={rights === 'read'} startMs={startMs} query={query}>
      <ItemTools item={item} editor={editor} />
    </Reader>
  );
}

function useEditor(itemId: string): { editor: Editor | null; error: unknown } {
  const [editor, setEditor] = useState<Editor | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const open = async () => {
      const store = await BrowserPendingStore.open(itemId);
      signal.addEventListener('abort', () => store.close());
      const opened = await Editor.open(itemSource(itemId), store);
      signal.addEventListener('abort', () => opened.close());
      if (signal.aborted) {
        store.close();
        opened.close();
        return;
      }
      const refresh = () => void opened.refresh().catch(() => {});
      const timer = setInterval(refresh, REFRESH_MS);
      signal.addEventListener('abort', () => clearInterval(timer));
      window.addEventListener('online', () => void opened.flush(), { signal });
      window.addEventListener('focus', refresh, { signal });
      setEditor(opened);
    };
    open().catch((reason) => {
      if (!signal.aborted) setError(reason);
    });
    return () => abort.abort();
  }, [itemId]);
  return { editor, error };
}
