import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { decodeWav, wordErrorRate } from '@sotto/testkit';
import { SpeechNetwork, WhisperModel } from '@sotto/whisper';
import { earsOf } from '../../../apps/worker/src/live/ears.ts';
import { LiveTranscriber } from '../../../apps/worker/src/live/transcriber.ts';

const [file = '', truth = '', modelFile = '', ...tails] = process.argv.slice(2);
const require = createRequire(new URL('../../../apps/worker/package.json', import.meta.url));
const network = SpeechNetwork.load(require.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx'));
const model = await WhisperModel.load(modelFile, { device: 'cpu', slots: 2, threads: 2 });
const pcm = decodeWav(await readFile(file));
const text = (await readFile(truth, 'utf8')).trim();

for (const tail of tails) {
  const tailMs = tail === 'null' ? null : Number(tail.split(':')[0]);
  const least = Number(tail.split(':')[1] ?? 0);
  let passes = 0;
  let decodeMs = 0;
  const engine = {
    transcribe: async (_: string | null, samples: Int16Array, options: object) => {
      passes += 1;
      const result = await model.transcribe(samples, {
        ...options,
        tailMs: tailMs === null ? null : Math.max(tailMs, least - Math.round(samples.length / 16)),
      });
      decodeMs += result.decodeMs;
      return result;
    },
  };
  const options = {
    language: 'en' as const,
    model: null,
    prompt: null,
    endpointing: { threshold: 0.5, prefixMs: 300, silenceMs: 500, patience: 1 },
  };
  const ears = earsOf(() => options, { network, engine, onPass: () => {}, signal: new AbortController().signal });
  const transcriber = new LiveTranscriber(ears, { endpoints: options.endpointing, prompt: null, patience: 1 });
  let said = '';
  const lags: number[] = [];
  for (let at = 0; at < pcm.length; at += 1600) {
    const texts = transcriber.accept(pcm.subarray(at, at + 1600));
    while (transcriber.isDue || transcriber.unheardMs >= 500) texts.push(...(await transcriber.pass()));
    for (const told of texts)
      if (told.type === 'final') {
        said += told.words.map(({ word }) => word).join('');
        for (const word of told.words) lags.push(transcriber.endMs - word.endMs);
      }
  }
  transcriber.finish();
  for (const told of await transcriber.pass())
    if (told.type === 'final') said += told.words.map(({ word }) => word).join('');
  lags.sort((a, b) => a - b);
  console.log(
    `tail ${tail}: WER ${(100 * wordErrorRate(text, said)).toFixed(1)} %, ${passes} passes, ${(decodeMs / passes).toFixed(0)} ms each, cpu ${((decodeMs / (pcm.length / 16)) * 100).toFixed(0)} % of time, final after p50 ${lags[lags.length >> 1]} p95 ${lags[Math.floor(lags.length * 0.95)]} ms`,
  );
  if (process.env.SHOW) console.log(said);
}
const whole = await model.transcribe(pcm.subarray(0, 29 * 16000), { language: 'en', temperatureIncrement: 0 });
console.log('offline first 29 s decode', whole.decodeMs.toFixed(0), 'ms');
await model.close();
