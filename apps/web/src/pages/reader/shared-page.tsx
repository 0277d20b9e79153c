import type { WireSharedItem } from '@sotto/client';
import { fromWireUnedited } from '@sotto/transcript';
import { useQuery } from '@tanstack/react-query';
import { startTransition, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { client } from '../../api/client.ts';
import { Failure } from '../../components/failure.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { clockText } from '../../i18n/durations.ts';
import { Editor } from './editor/editor.ts';
import { FIRST_LINES } from './first-lines.ts';
import { loadTranscript } from './loading/load-transcript.ts';
import { usePlayer } from './player/use-player.ts';
import { Reader } from './reader.tsx';

/** What a link leads to: to be read and heard, and no more. */
export function SharedPage() {
  const { t } = useTranslation();
  const { token = '' } = useParams();
  const item = useQuery({
    queryKey: ['shared', token],
    queryFn: ({ signal }) => client.library.shared(token, { signal }),
  });
  if (item.isError) {
    return (
      <>
        <PageHeader title={t('shared.title')} lead={t('shared.gone')} />
        <Failure error={item.error} onRetry={() => void item.refetch()} />
      </>
    );
  }
  if (item.data === undefined) return null;
  const { title, duration } = item.data;
  return (
    <>
      <PageHeader
        title={title}
        lead={[t('shared.title'), duration === null ? null : clockText(duration)].filter(Boolean).join(' · ')}
      />
      <SharedReader token={token} item={item.data} />
    </>
  );
}

function SharedReader({ token, item: { audio, duration } }: { token: string; item: WireSharedItem }) {
  const [editor, setEditor] = useState<Editor | null>(null);
  const [error, setError] = useState<unknown>(null);
  const player = usePlayer(audio === null ? null : client.library.sharedAudioUrl(token));
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const open = async (): Promise<void> => {
      const first = fromWireUnedited(await client.library.sharedTranscript(token, { limit: FIRST_LINES, signal }));
      const opened = new Editor(sharedSource(token, signal), NOTHING_PENDING, first);
      startTransition(() => setEditor(opened));
      await opened.open();
    };
    open().catch((reason) => {
      if (!signal.aborted) setError(reason);
    });
    return () => abort.abort();
  }, [token]);
  if (error !== null) return <Failure error={error} />;
  if (editor === null) return null;
  const recording =
    player === null || audio === null || duration === null
      ? null
      : { player, itemId: token, bytes: audio.bytes, durationMs: duration * 1000 };
  return <Reader editor={editor} recording={recording} isReadOnly startAt={null} query="" />;
}

/** As it is now: readers of a link see no journal. */
function sharedSource(token: string, signal: AbortSignal) {
  return {
    original: () => loadTranscript({ token }, signal),
    journal: async () => [],
    send: () => Promise.reject(new Error('A shared transcript is only read.')),
  };
}

const NOTHING_PENDING = { load: async () => null, save: async () => {} };
