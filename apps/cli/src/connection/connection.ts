import type { Destination } from '../recordings/send-recording.ts';
import type { Settings } from '../settings.ts';

/** A service that commands work with. */
export interface Connection extends Destination {
  /** Stops the service if this command has started it. */
  stop(): Promise<void>;
  /** The same at once. */
  kill(): void;
}

/** Starts a service that ends with the command. */
export type StartService = (settings: Settings, signal: AbortSignal) => Promise<Connection>;
