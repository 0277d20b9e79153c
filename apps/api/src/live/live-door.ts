import { SottoError } from '@sotto/contracts';
import type { Request, Response } from 'express';
import { localsOf } from '../http/locals.ts';
import { checkOrigin } from '../http/own-origin.ts';
import { upgradeOf } from '../http/upgrade.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { DoorSocket } from './door-socket.ts';

/** A request for a live conversation, until it is accepted or refused. */
export interface LiveDoor {
  accept(): Promise<DoorSocket>;
  /** It has a session from now on: log and audit name it. */
  onOpen(sessionId: string): void;
}

export interface LiveDoorOptions {
  settings: Pick<ApiSettings, 'corsOrigins'>;
  /** Said to whoever does not ask for a WebSocket. */
  otherwise?: string;
  /** It has what no page of another site can make a browser send. */
  isTrusted?: boolean;
}

/** @throws SottoError `invalid_request`: no WebSocket is asked for; `origin_not_allowed`: CORS does not apply to WebSockets, which pages of other sites may open */
export function liveDoor(
  { request, response }: { request: Request; response: Response },
  {
    settings,
    otherwise = 'This is a WebSocket: connect with `Upgrade: websocket`.',
    isTrusted = false,
  }: LiveDoorOptions,
): LiveDoor {
  const upgrade = upgradeOf(request);
  if (upgrade === null) throw new SottoError('invalid_request', otherwise);
  if (!isTrusted) checkOrigin(request, settings);
  const { metadata } = localsOf(response);
  return {
    accept: () => DoorSocket.accept(request, response, upgrade),
    onOpen: (sessionId) => {
      metadata.sessionId = sessionId;
    },
  };
}
