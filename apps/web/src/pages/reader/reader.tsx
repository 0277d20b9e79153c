import { segmentsOf } from '@sotto/transcript';
import { type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../components/notice.tsx';
import type { Editor } from './editor/editor.ts';
import { useStableActions } from './line-actions.ts';
import { useCurrentWord } from './lines/current-word.ts';
import type { Search } from './lines/find.ts';
import { LineList, type LineListHandle } from './lines/line-list.tsx';
import { ConflictDialog } from './panels/conflict-dialog.tsx';
import { CopyDialog } from './panels/copy-dialog.tsx';
import { FindBar } from './panels/find-bar.tsx';
import { KeysDialog } from './panels/keys-dialog.tsx';
import { SpeakerDialog } from './panels/speaker-dialog.tsx';
import type { Player } from './player/player.ts';
import { PlayerBar } from './player/player-bar.tsx';
import styles from './reader.module.css';
import { editingKeys, readingKeys } from './reader-keys.ts';
import { Toolbar } from './toolbar.tsx';
import { useEditing } from './use-editing.ts';
import { useReaderKeys } from './use-reader-keys.ts';
import { useSelection } from './use-selection.ts';

export interface Recording {
  player: Player;
  itemId: string;
  bytes: number;
  durationMs: number;
}

interface ReaderProps {
  editor: Editor;
  recording: Recording | null;
  isReadOnly: boolean;
  /** Begins here, in seconds; null: at the start. */
  startAt: number | null;
  query: string;
  /** Further tools: export, share. */
  children?: ReactNode;
}

const NO_SEARCH: Search = { query: '', isExact: false };

/** A transcript to read, to hear and to correct. */
export function Reader({ editor, recording, isReadOnly: mayOnlyRead, startAt, query, children }: ReaderProps) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(editor.subscribe, editor.current);
  const isOpening = state.save === 'opening';
  const isReadOnly = mayOnlyRead || isOpening;
  const editing = useEditing(editor);
  const list = useRef<LineListHandle>(null);
  const doubt = useRef<{ id: string; word: number } | null>(null);
  const player = recording?.player ?? null;
  const [search, setSearch] = useState<Search>({ ...NO_SEARCH, query });
  const [isFinding, setIsFinding] = useState(query !== '');
  const [showsGone, setShowsGone] = useState(true);
  const [showsOriginal, setShowsOriginal] = useState(false);
  const [isHelping, setIsHelping] = useState(false);
  const [isCopying, setIsCopying] = useState(false);
  const [hidesConflict, setHidesConflict] = useState(false);
  const [editingId, setEditingId] = useState<string | null>(null);
  const [speakerOf, setSpeakerOf] = useState<string | null>(null);

  const all = useMemo(() => segmentsOf(state.transcript), [state.transcript]);
  const lines = useMemo(() => (showsGone ? all : all.filter((line) => line.state === 'kept')), [all, showsGone]);
  const goneCount = useMemo(() => all.filter((line) => line.state !== 'kept').length, [all]);
  const current = useCurrentWord(player, lines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the original is another one when all of it is there
  const originals = useMemo(
    () => (showsOriginal ? new Map(segmentsOf(editor.original).map(({ id, text }) => [id, text])) : null),
    [showsOriginal, isOpening, editor],
  );
  const selection = useSelection(lines, (index) => list.current?.reveal(index));
  const { active, selected, indexOf, activate } = selection;
  const activeId = active?.id ?? null;
  const hear = (atMs: number): void => player?.play(atMs);

  useFollowing(current?.segmentId ?? null, (id, before) => {
    const isFollowed = before === null || list.current?.isInView(indexOf(before)) === true;
    if (isFollowed && editingId === null && player?.current().isPlaying) list.current?.reveal(indexOf(id));
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for the first lines, and once when all are there
  useEffect(() => {
    if (startAt === null) return;
    const startMs = startAt * 1000;
    if (player?.atMs === 0) player.seek(startMs);
    activate(lines.findLast((line) => line.startMs <= startMs)?.id ?? lines[0]?.id);
  }, [isOpening]);

  const actions = useStableActions({
    hear,
    activate,
    startEditing: (id) => {
      activate(id);
      setEditingId(id);
    },
    save: editing.type,
    stopEditing: (id, text) => {
      setEditingId(null);
      editing.type(id, text);
    },
    split: (id, text, character) => {
      const second = editing.split(id, text, character);
      setEditingId(second);
      if (second !== null) activate(second);
    },
    mergeIntoPrevious: (id, text) => {
      const before = lines.slice(0, indexOf(id)).findLast((line) => line.state === 'kept');
      editing.type(id, text);
      setEditingId(null);
      if (before === undefined) return;
      editing.make({ type: 'merge', segment: before.id });
      activate(before.id);
    },
    chooseSpeaker: setSpeakerOf,
    restore: (id) => editing.make({ type: 'restore', segment: id }),
  });
  const keyed = {
    editor,
    editing,
    player,
    selection,
    lines,
    current,
    doubt,
    find: () => setIsFinding(true),
    help: () => setIsHelping(true),
    copy: () => setIsCopying(true),
    startEditing: setEditingId,
    chooseSpeaker: setSpeakerOf,
  };
  useReaderKeys({ ...readingKeys(keyed), ...(!isReadOnly && editingKeys(keyed)) });

  const asked = lines[indexOf(speakerOf)];
  return (
    <>
      <div className={styles.top}>
        {recording !== null && <PlayerBar {...recording} speech={all} />}
        <Toolbar
          state={state}
          isReadOnly={mayOnlyRead}
          goneCount={goneCount}
          showsGone={showsGone}
          showsOriginal={showsOriginal}
          isFinding={isFinding}
          onUndo={() => editor.undo()}
          onRedo={() => editor.redo()}
          onFind={() => setIsFinding(!isFinding)}
          onShowGone={() => setShowsGone(!showsGone)}
          onShowOriginal={() => setShowsOriginal(!showsOriginal)}
          onHelp={() => setIsHelping(true)}
          onCopy={() => setIsCopying(true)}
          onConflict={() => setHidesConflict(false)}
        >
          {children}
        </Toolbar>
        {isFinding && (
          <FindBar
            lines={lines}
            search={search}
            activeId={activeId}
            isReadOnly={isReadOnly}
            onSearch={setSearch}
            onGo={activate}
            onReplace={editing.replaceIn}
            onClose={() => {
              setIsFinding(false);
              setSearch(NO_SEARCH);
            }}
          />
        )}
        {editing.refusal !== null && (
          <Notice kind="caution" title={t('reader.refused')}>
            {editing.refusal}
          </Notice>
        )}
      </div>
      {lines.length === 0 ? (
        <p className={styles.silent}>{t('reader.silent')}</p>
      ) : (
        <LineList
          ref={list}
          lines={lines}
          speakers={state.transcript.speakers}
          originals={originals}
          current={current}
          activeId={activeId}
          editingId={editingId}
          selected={selected}
          search={search}
          isReadOnly={isReadOnly}
          actions={actions}
        />
      )}
      {isHelping && <KeysDialog onClose={() => setIsHelping(false)} />}
      {isCopying && (
        <CopyDialog
          lines={all}
          selected={selection.targets}
          speakers={state.transcript.speakers}
          onClose={() => setIsCopying(false)}
        />
      )}
      {asked !== undefined && (
        <SpeakerDialog
          speakers={state.transcript.speakers}
          speaker={asked.speaker ?? null}
          selectedCount={selected.size}
          onChoose={(choice) => editing.chooseSpeaker(choice, asked, [...selected])}
          onClose={() => setSpeakerOf(null)}
        />
      )}
      {state.save === 'conflict' && !hidesConflict && (
        <ConflictDialog
          conflicts={state.conflicts}
          onMine={() => void editor.keepMine()}
          onTheirs={() => void editor.takeTheirs()}
          onClose={() => setHidesConflict(true)}
        />
      )}
    </>
  );
}

/** Keeps the line that is being said in view, unless somebody has scrolled away from the one before. */
function useFollowing(id: string | null, follow: (id: string, before: string | null) => void): void {
  const latest = useRef(follow);
  const before = useRef<string | null>(null);
  useEffect(() => {
    latest.current = follow;
  });
  useEffect(() => {
    if (id === null) return;
    latest.current(id, before.current);
    before.current = id;
  }, [id]);
}
