import { Loudness } from '../../../sound/loudness.ts';
import workletUrl from './capture-worklet.ts?worker&url';

/** A browser that waits for a click before it gives sound to a page does not say so. */
const BEGIN_MS = 2_000;

/** The browser gives sound only after somebody has clicked in the page. */
export class ClickNeededError extends Error {}

/** Samples of a stream, as they come: open -> closed, also when the stream ends by itself. */
export class Capture {
  readonly #stream: MediaStream;
  readonly #context: AudioContext;
  readonly #loudness: Loudness;

  private constructor(stream: MediaStream, context: AudioContext, loudness: Loudness) {
    this.#stream = stream;
    this.#context = context;
    this.#loudness = loudness;
  }

  /**
   * @param onSamples gets pieces of CHUNK_SAMPLES at RATE_HZ
   * @param onEnd the tab was closed, the microphone unplugged; not after `close`
   * @throws ClickNeededError
   */
  static async of(
    stream: MediaStream,
    onSamples: (samples: Int16Array<ArrayBuffer>) => void,
    onEnd: () => void,
  ): Promise<Capture> {
    const context = new AudioContext();
    try {
      const begun = Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, BEGIN_MS))]);
      await Promise.all([begun, context.audioWorklet.addModule(workletUrl)]);
      if (context.state !== 'running') throw new ClickNeededError('The browser waits for a click.');
      const source = context.createMediaStreamSource(stream);
      const worklet = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
      worklet.port.onmessage = ({ data }) => onSamples(data);
      source.connect(worklet);
      for (const track of stream.getAudioTracks()) track.onended = onEnd;
      return new Capture(stream, context, new Loudness(source));
    } catch (error) {
      close(stream, context);
      throw error;
    }
  }

  /** Loudest sample of the last moment, 0 to 1. */
  level(): number {
    return this.#loudness.level();
  }

  /** Microphone or tab are no longer listened to. */
  close(): void {
    close(this.#stream, this.#context);
  }
}

function close(stream: MediaStream, context: AudioContext): void {
  for (const track of stream.getTracks()) track.stop();
  void context.close();
}
