import type { LiveCheckpoint, LiveEnd, LiveEnded, LiveEvent } from '@sotto/contracts';
import type { LiveSession } from './live-session.ts';

/** `received`: samples so far. `gap`: something is missing before it. `full`: too much waits to be heard; send it again. */
export type LiveAppended = { answer: 'appended' | 'gap' | 'full'; received: number } | { answer: LiveRefusal };
/** `gone`: it takes no more. `taken`: another connection has it now. */
export type LiveRefusal = 'gone' | 'taken';

/** A connection's hold on a session. */
export interface LiveHold extends Pick<LiveSession, 'id' | 'format'> {
  holder: string;
}

/** What was heard, and where somebody else would go on. */
export interface LiveTelling {
  /** Counts up from that of the session; each is told once, however often it is sent. null: nothing is told. */
  turn: number | null;
  events: readonly LiveEvent[];
  /** null: as before. `fromSample`: audio before it was heard. `keepFrom`: audio before it is not needed any more. */
  checkpoint: { state: LiveCheckpoint; fromSample: number; keepFrom: number } | null;
  /** Audio that was heard, from the beginning of the session: it counts as used. */
  heardMs: number;
  /** It is over. Where the recording becomes a job, this is told when there is one. */
  ended?: LiveEnded;
}

/** What whoever hears a session has to know of it. */
export interface LiveNews {
  revision: number;
  closedBy: LiveEnd | null;
  received: number;
  seenAtMs: number;
}
