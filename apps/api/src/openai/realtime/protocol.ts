import { type LiveEvent, SottoError } from '@sotto/contracts';
import type { Translated } from '../../doors/live-command.ts';
import type { Protocol } from '../../doors/serve-door.ts';
import type { DoorMessage } from '../../live/door-socket.ts';
import type { SentEvent } from './server-event.ts';
import type { RealtimeTranslator } from './translator.ts';

/** OpenAI's events, one a text message. */
export class RealtimeProtocol implements Protocol {
  readonly #translator: RealtimeTranslator;

  constructor(translator: RealtimeTranslator) {
    this.#translator = translator;
  }

  hello(): Translated<SentEvent> {
    return this.#translator.hello();
  }

  receive({ isBinary, data }: DoorMessage): Translated<SentEvent> {
    if (!isBinary) return this.#translator.receive(data.toString());
    const error = new SottoError(
      'invalid_request',
      'Audio is sent as base64 in input_audio_buffer.append, not as it is.',
    );
    return { commands: [], messages: this.refuse(error) };
  }

  tell(event: LiveEvent): SentEvent[] {
    return this.#translator.tell(event);
  }

  refuse(error: SottoError): SentEvent[] {
    return [this.#translator.refusal(error)];
  }
}
