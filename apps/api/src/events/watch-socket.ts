import { isEnd, type Run, SottoError } from '@sotto/contracts';
import type { RunEvents } from '@sotto/queue';
import type { Request, Response } from 'express';
import type { Shutdown } from '../http/shutdown.ts';
import type { Upgrade } from '../http/upgrade.ts';
import type { CloseReason } from '../http/web-socket.ts';
import { EventSocket } from './web-socket.ts';
import { wireEvent } from './wire-event.ts';

export interface SocketWatch {
  request: Request;
  response: Response;
  upgrade: Upgrade;
  run: Run;
  afterId: string | null;
  /** URL of the transcript. */
  result: string;
}

/** The events of a run over a WebSocket, until its end, the listener's, or this process's. */
export async function watchSocket(
  watch: SocketWatch,
  { events, shutdown }: { events: RunEvents; shutdown: Shutdown },
): Promise<void> {
  const socket = await EventSocket.accept(watch.request, watch.response, watch.upgrade);
  const signal = AbortSignal.any([socket.gone, shutdown.signal]);
  try {
    await socket.close((await relay(watch, events, socket, signal)) ? 'ended' : 'goingAway');
  } catch (error) {
    const reason: CloseReason =
      error instanceof SottoError && error.code === 'queue_unavailable' ? 'tryAgainLater' : 'failed';
    await socket.close(reason);
    if (reason === 'failed') throw error;
  }
}

/** true: there are no more events. */
async function relay(
  { run, afterId, result }: SocketWatch,
  events: RunEvents,
  socket: EventSocket,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const { id, event } of events.follow(run.id, afterId, signal)) {
    await socket.send({ id, ...wireEvent(event, result) });
    if (isEnd(event)) return true;
  }
  return !signal.aborted;
}
