import { join } from 'node:path';
import { nanoModelDir, Service } from '@sotto/testkit';
import { WhisperModel } from '@sotto/whisper';
import { asMp3, realSpeech } from '../recordings.ts';
import { post } from '../requests.ts';
import { requireTinyEn } from '../resources.ts';
import { interleaved, median, percentile, timed } from '../statistics.ts';
import { ms, type Report } from '../table.ts';

const ROUNDS = 30;
const THREADS = 2;

/** What the service adds to the engine's own time for a short clip: upload, queue, decoding, speech detection, storing. */
export async function overhead(): Promise<Report> {
  const clip = await realSpeech(3);
  const mp3 = await asMp3(clip);
  const rows = [
    ...(await rowsFor('sotto-nano', await nanoModelDir(), clip.path, mp3, clip.samples)),
    ...(await rowsFor('tiny.en', await requireTinyEn(), clip.path, mp3, clip.samples)),
  ];
  return {
    title: 'Sync latency of a 3 s clip over pure engine time',
    method: `${ROUNDS} rounds in turn; engine: the same samples given to the library, 1 state x ${THREADS} threads, greedy; overhead: median of the sync request minus median of the engine.`,
    columns: ['model', 'file', 'engine p50', 'sync p50', 'sync p99', 'overhead p50'],
    rows,
  };
}

async function rowsFor(
  model: string,
  modelDir: string,
  wav: string,
  mp3: string,
  samples: Int16Array,
): Promise<string[][]> {
  const engine = await WhisperModel.load(join(modelDir, `ggml-${model}.bin`), {
    device: 'cpu',
    slots: 1,
    threads: THREADS,
  });
  const service = await Service.start({
    model,
    modelDir,
    workerEnv: { WHISPER_THREADS: String(THREADS) },
  });
  const sync = (path: string) =>
    timed(() => post(`${service.url}/transcribe`, path, { cache: 'false', language: 'en', beam_size: '1' }));
  try {
    await sync(wav);
    const samplesOf = await interleaved(ROUNDS, {
      engine: () => timed(() => engine.transcribe(samples, { language: 'en' })),
      wav: () => sync(wav),
      mp3: () => sync(mp3),
    });
    const base = median(samplesOf.engine);
    return (['wav', 'mp3'] as const).map((file) => [
      model,
      file,
      ms(base),
      ms(median(samplesOf[file])),
      ms(percentile(samplesOf[file], 99)),
      ms(median(samplesOf[file]) - base),
    ]);
  } finally {
    await engine.close();
    await service.close({ leftovers: true });
  }
}
