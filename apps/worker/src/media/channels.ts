import { MAX_CHANNELS } from '@sotto/contracts';
import type { Warn } from './decode-limits.ts';

/** The same stretch of each channel; of one, where all are mixed. */
export type Channels<Samples> = [Samples, ...Samples[]];

export function mapChannels<A, B>(
  [first, ...others]: Channels<A>,
  map: (samples: A, channel: number) => B,
): Channels<B> {
  return [map(first, 0), ...others.map((samples, index) => map(samples, index + 1))];
}

/** Whether a recording with so many channels is divided into them, where that is wanted; warns where it makes no difference. */
export function canSplit(channels: number, warn: Warn): boolean {
  if (channels === 1) {
    warn({ code: 'one_channel', detail: 'The recording has only one channel, so all is one speaker.' });
  }
  if (channels <= MAX_CHANNELS) return true;
  const detail = `The recording has ${channels} channels, more than ${MAX_CHANNELS}: they were mixed, as one speaker.`;
  warn({ code: 'channels_mixed', detail });
  return false;
}
