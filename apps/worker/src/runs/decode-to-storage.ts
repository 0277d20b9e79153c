import { setImmediate } from 'node:timers/promises';
import type { Enhancement, Span, Upload, Warning } from '@sotto/contracts';
import { audioKeyOf, audioNameOf, type BlobStore, type BlobWriter } from '@sotto/storage';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import { type Channels, mapChannels } from '../media/channels.ts';
import { decode } from '../media/decode.ts';
import type { DecodeLimits, Warn } from '../media/decode-limits.ts';
import type { MediaTools } from '../media/ffmpeg-binary.ts';
import { pcmBytes, SAMPLE_RATE, SAMPLES_PER_MS } from '../media/pcm.ts';
import type { RightOfWay } from '../models/right-of-way.ts';
import type { SpeechDetection, SpeechDetector } from '../speech/detector.ts';
import { EnergyProfile } from '../speech/energy-profile.ts';

export interface PrepareDeps {
  blobs: BlobStore;
  mediaTools: MediaTools;
  decodeLimits: DecodeLimits;
  speechDetection: SpeechDetection;
  rightOfWay: RightOfWay;
  onEvent: OnWorkerEvent;
  /** Given for what is expected to be small, which goes first: longer audio than this is NotSmall. */
  longestMs?: number;
}

/** Not a failure: the recording is longer than it seemed, and has to be prepared by a job of its own. */
export class NotSmall extends Error {
  override readonly name = 'NotSmall';
}

export interface PrepareWishes {
  /** Windows hold speech; else all there is. */
  vad: boolean;
  /** Speech is looked for. */
  listens: boolean;
  /** Each channel is transcribed by itself. */
  isSplit: boolean;
  /** undefined: the sound stays as it is. */
  enhance: Enhancement | undefined;
  /** The beginning is enough. */
  languageOnly: boolean;
}

/** A recording that has been decoded into storage. */
export interface DecodedRecording {
  /** Of the first channel. */
  audioKey: string;
  audioMs: number;
  /** One, where they are mixed. */
  channels: DecodedChannel[];
  warnings: Warning[];
}

export interface DecodedChannel {
  /** undefined: nobody looked for it. */
  speech: Span[] | undefined;
  profile: EnergyProfile;
}

/** How much of a recording is decoded to detect its language; films begin with titles and music. */
const LANGUAGE_SAMPLES = 10 * 60 * SAMPLE_RATE;

/** Samples between two turns of the event loop; detecting speech in them takes a quarter of a millisecond. */
const SLICE_SAMPLES = SAMPLE_RATE / 2;

/** @throws what decode throws; the signal's reason; NotSmall */
export async function decodeToStorage(
  { id, upload }: { id: string; upload: Upload },
  wishes: PrepareWishes,
  deps: PrepareDeps,
  signal: AbortSignal,
): Promise<DecodedRecording> {
  const warnings: Warning[] = [];
  const longestSamples = (deps.longestMs ?? Number.POSITIVE_INFINITY) * SAMPLES_PER_MS;
  const tracks: Track[] = [];
  let samples = 0;
  try {
    const warn = (warning: Warning) => warnings.push(warning);
    for await (const channels of decodedSlices(upload, wishes, deps, warn, signal)) {
      for (const [channel, pcm] of channels.entries()) {
        tracks[channel] ??= await openTrack(id, channel, wishes, deps);
        await record(pcm, tracks[channel]);
      }
      samples += channels[0].length;
      if (samples > longestSamples) throw new NotSmall();
      if (wishes.languageOnly && samples >= LANGUAGE_SAMPLES) break;
    }
  } catch (error) {
    for (const { writer } of tracks) await writer.abort();
    throw error;
  }
  const channels = tracks.map(({ detector, profile }) => ({ speech: detector?.finish(), profile }));
  for (const { writer } of tracks) await writer.commit();
  return { audioKey: audioKeyOf(id), audioMs: Math.floor(samples / SAMPLES_PER_MS), channels, warnings };
}

/** What takes the samples of a channel. */
interface Track {
  writer: BlobWriter;
  detector: SpeechDetector | null;
  profile: EnergyProfile;
}

async function openTrack(
  runId: string,
  channel: number,
  { listens }: PrepareWishes,
  { blobs, speechDetection }: PrepareDeps,
): Promise<Track> {
  const writer = await blobs.createWriter('audio', audioNameOf(runId, channel));
  return { writer, detector: listens ? speechDetection.newDetector() : null, profile: new EnergyProfile() };
}

async function record(pcm: Int16Array, { writer, detector, profile }: Track): Promise<void> {
  await writer.write(pcmBytes(pcm));
  detector?.accept(pcm);
  profile.accept(pcm);
}

/**
 * The samples of a recording, in slices between which other jobs of this process, and the renewal of their locks, get
 * their turn. What nobody waits for also gives way to work that goes first.
 */
export async function* decodedSlices(
  upload: Upload,
  { isSplit, enhance }: Pick<PrepareWishes, 'isSplit' | 'enhance'>,
  { blobs, mediaTools: tools, decodeLimits: limits, rightOfWay, longestMs }: PrepareDeps,
  warn: Warn,
  signal: AbortSignal,
): AsyncGenerator<Channels<Int16Array>> {
  const inBackground = longestMs === undefined;
  const giveWay = rightOfWay.yielding();
  const decoding = { blobs, tools, limits, isSplit, enhance, warn, inBackground, signal };
  for await (const channels of decode(upload, decoding)) {
    for (let at = 0; at < channels[0].length; at += SLICE_SAMPLES) {
      signal.throwIfAborted();
      if (inBackground) await giveWay(signal);
      yield mapChannels(channels, (pcm) => pcm.subarray(at, at + SLICE_SAMPLES));
      await setImmediate();
    }
  }
}
