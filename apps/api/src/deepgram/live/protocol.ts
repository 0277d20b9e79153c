import type { LiveEvent, SottoError } from '@sotto/contracts';
import type { Translated } from '../../doors/live-command.ts';
import type { Protocol } from '../../doors/serve-door.ts';
import type { DoorMessage } from '../../live/door-socket.ts';
import type { ServerMessage } from './server-message.ts';
import { errorMessage, type ListenTranslator } from './translator.ts';

/** Deepgram's messages: audio is binary, everything else text. */
export class ListenProtocol implements Protocol {
  readonly #translator: ListenTranslator;

  constructor(translator: ListenTranslator) {
    this.#translator = translator;
  }

  hello(): Translated<ServerMessage> {
    return this.#translator.hello();
  }

  receive({ isBinary, data }: DoorMessage): Translated<ServerMessage> {
    return isBinary ? this.#translator.receiveAudio(data) : this.#translator.receive(data.toString());
  }

  tell(event: LiveEvent): ServerMessage[] {
    return this.#translator.tell(event);
  }

  refuse(error: SottoError): ServerMessage[] {
    return [errorMessage(error.code, error)];
  }
}
