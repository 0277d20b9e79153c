import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hparams, modelTensors } from '../tensors.ts';
import { type Ct2Model, openCt2 } from './ct2-file.ts';
import { ct2Source } from './ct2-names.ts';
import { scalar, tensorBytes } from './ct2-values.ts';
import { F16, type ForeignModel, VOCABULARIES } from './foreign-model.ts';
import { refused } from './refusal.ts';
import { readVocabulary } from './vocabulary.ts';

const HEAD_WIDTH = 64;

/** A faster-whisper (CTranslate2) folder: `model.bin` and a vocabulary. */
export async function openCt2Folder(folder: string): Promise<ForeignModel> {
  const handle = await open(join(folder, 'model.bin'), 'r');
  try {
    const model = await openCt2(handle);
    const hparams = await readSizes(model);
    refuseUnknown(model, hparams);
    await refuseKeyBias(model, hparams);
    return {
      hparams,
      vocabulary: await readVocabulary(folder, hparams.vocab),
      tensor: ({ name, shape, single }) => tensorBytes(model, { ...ct2Source(name), shape, single }),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readSizes(model: Ct2Model): Promise<Hparams> {
  const dims = (name: string, rank: number): number[] => {
    const variable = model.variables.get(name);
    if (variable?.dims.length !== rank) throw refused(`it has no variable ${name} of ${rank} dimensions`);
    return variable.dims;
  };
  const [vocab = 0, width = 0] = dims('decoder/embeddings/weight', 2);
  if (!VOCABULARIES.includes(vocab)) {
    throw refused(`it has ${vocab} tokens; whisper.cpp knows vocabularies of ${VOCABULARIES.join(', ')}`);
  }
  const heads = async (side: string): Promise<number> => {
    const number = (await scalar(model, `${side}/num_heads`)) ?? width / HEAD_WIDTH;
    if (number < 1 || width % number !== 0) throw refused(`its ${side} has ${number} heads for a width of ${width}`);
    return number;
  };
  return {
    vocab,
    audioContext: dims('encoder/position_encodings/encodings', 2)[0] ?? 0,
    audioWidth: width,
    audioHeads: await heads('encoder'),
    audioLayers: layers(model, 'encoder'),
    textContext: dims('decoder/position_encodings/encodings', 2)[0] ?? 0,
    textWidth: width,
    textHeads: await heads('decoder'),
    textLayers: layers(model, 'decoder'),
    mels: dims('encoder/conv1/weight', 3)[1] ?? 0,
    fileType: F16,
  };
}

function layers(model: Ct2Model, side: string): number {
  const numbers = [...model.variables.keys()].map((name) =>
    Number(new RegExp(`^${side}/layer_(\\d+)/`).exec(name)?.[1] ?? -1),
  );
  return numbers.reduce((most, number) => Math.max(most, number), -1) + 1;
}

/** What we would drop silently could change what the model says. Settings (single numbers) and alignment heads do not. */
function refuseUnknown(model: Ct2Model, hparams: Hparams): void {
  const known = new Set<string>();
  for (const tensor of modelTensors(hparams)) {
    const { variable } = ct2Source(tensor.name);
    known.add(variable).add(`${variable}_scale`);
  }
  const unknown = [...model.variables.values()].filter(
    ({ name, dims }) => dims.length > 0 && !known.has(name) && name !== 'decoder/alignment_heads',
  );
  if (unknown.length > 0)
    throw refused(`it has variables that Whisper does not: ${unknown.slice(0, 5).map((each) => each.name)}`);
}

/** The key's stripe of a fused bias is zero in every Whisper; ggml has no place for another. */
async function refuseKeyBias(model: Ct2Model, hparams: Hparams): Promise<void> {
  for (const { name } of modelTensors(hparams)) {
    if (!name.endsWith('.key.weight')) continue;
    const source = ct2Source(name.replace(/weight$/, 'bias'));
    for await (const bytes of tensorBytes(model, { ...source, shape: [hparams.audioWidth], single: true })) {
      if (bytes.some((byte) => byte !== 0)) throw refused(`its key projection in ${source.variable} has a bias`);
    }
  }
}
