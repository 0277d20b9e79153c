import { wheelBytes } from '@sotto/model-files';
import type { InstalledVoice } from '../install/installed-voice.ts';
import type { Part } from '../install/part.ts';
import { ESPEAK_DATA, SHERPA_NODE } from '../install/pinned.ts';
import { RUNTIME_VERSION } from '../install/places.ts';
import { KOKORO, kokoroConfig } from '../kokoro/kokoro.ts';
import { KOKORO_PART } from '../kokoro/kokoro-part.ts';
import { JOE_PART } from '../piper/joe-part.ts';
import { PIPER_JOE, piperConfig } from '../piper/piper.ts';
import type { SherpaModel, SherpaPlaces } from '../sherpa/sherpa-engine.ts';

/** Something that `sotto voices install` takes. */
export interface VoicesEntry {
  name: string;
  /** For people, with what it can. */
  title: string;
  licence: string;
  attribution: string;
  part: Omit<Part, 'proof'>;
  model: SherpaModel;
  config(installed: InstalledVoice, dataDir: string): Pick<SherpaPlaces, 'config' | 'voicesFile'>;
}

/** Best first. */
export const VOICES_CATALOG: readonly VoicesEntry[] = [
  {
    name: 'kokoro',
    title: 'Kokoro-82M: 46 voices that speak English, Spanish, French, Italian, Portuguese, Hindi and some Japanese',
    licence: 'Apache-2.0',
    attribution: 'Kokoro-82M by hexgrad; ONNX export by thewh1teagle (MIT)',
    part: KOKORO_PART,
    model: KOKORO,
    config: kokoroConfig,
  },
  {
    name: 'joe',
    title: 'Piper en_US-joe: one American voice, five times as fast',
    licence: 'CC0-1.0, MIT; see docs/voices.md',
    attribution: 'Piper en_US-joe (medium), recordings by Nabu Casa',
    part: JOE_PART,
    model: PIPER_JOE,
    config: piperConfig,
  },
];

/** What all of them run in, for whoever installs one: contains espeak-ng, in a process of its own. */
export const RUNTIME_LICENCE = `sherpa-onnx ${RUNTIME_VERSION} (Apache-2.0, contains espeak-ng, GPL-3.0-or-later) and espeak-ng's data (GPL-3.0-or-later)`;

/** What is downloaded for it, with all that it runs in. */
export const downloadBytes = ({ part }: VoicesEntry): number =>
  wheelBytes([...part.wheels, ...part.packages, ESPEAK_DATA, SHERPA_NODE]) + 11_500_000;
