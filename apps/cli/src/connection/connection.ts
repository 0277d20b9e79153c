import type { Destination } from '../recordings/send-recording.ts';

/** A service that commands work with. */
export interface Connection extends Destination {
  /** Stops the service if this command has started it. */
  stop(): Promise<void>;
  /** The same at once. */
  kill(): void;
}
