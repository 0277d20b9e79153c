import type { SpeechOffers } from '@sotto/queue';
import type { Lifecycle, Logger } from '@sotto/runtime';
import { type Engines, openEngines, voicesFolder } from '@sotto/voices';
import { VoiceBox } from './voice-box.ts';

export interface OpenVoicesDeps {
  modelDir: string;
  speechOffers: SpeechOffers;
  lifecycle: Lifecycle;
  logger: Logger;
}

/** While the engine speaks one piece, another is read, or stored. */
const SLOTS = 2;
/** A Redis that has lost what these voices are is told again. */
const OFFER_INTERVAL_MS = 60_000;

/** Opens what speaks here, and tells the fleet what it can. null: nothing does; why is in the log. */
export async function openVoices({
  modelDir,
  speechOffers,
  lifecycle,
  logger,
}: OpenVoicesDeps): Promise<VoiceBox | null> {
  const engines = await openEngines({ dir: voicesFolder(modelDir), signal: lifecycle.signal });
  lifecycle.own('voices', () => engines.close());
  for (const problem of engines.problems) logger.warning('some voices cannot be used', { problem });
  if (engines.engines.length === 0) {
    logger.warning('nothing here can speak: texts are left to other workers');
    return null;
  }
  const offer = () =>
    speechOffers
      .put(engines.offers())
      .catch((error: unknown) => logger.warning('voices could not be offered; it is tried again', { error }));
  await offer();
  const timer = setInterval(() => void offer(), OFFER_INTERVAL_MS).unref();
  lifecycle.own('offers of voices', () => clearInterval(timer));
  void warmUp(engines, lifecycle.signal).catch((error: unknown) => {
    if (!lifecycle.signal.aborted) logger.warning('the best voice could not be loaded', { error });
  });
  return new VoiceBox(engines, SLOTS);
}

/** Models are loaded when they first speak: whoever asks for the best voice first is not to wait for that. */
async function warmUp({ engines: [best] }: Engines, signal: AbortSignal): Promise<void> {
  const [voice] = best?.voices() ?? [];
  const [language] = voice?.languages ?? [];
  if (best === undefined || voice === undefined || language === undefined) return;
  await best.speak({ text: 'A', voice: voice.id, language, speed: 1 }, signal);
}
