import { Service } from '@sotto/testkit';
import { type Accepted, post } from '../requests.ts';
import { type Outcome, peakMemory } from './outcome.ts';

/** A whole service of one worker with tiny.en. */
export const startService = (modelDir: string, threads: number): Promise<Service> =>
  Service.start({ model: 'tiny.en', modelDir, workerEnv: { WHISPER_THREADS: String(threads) } });

/** Upload, then the event stream to its end, then the text: what a client sees. Memory is the worker's. */
export async function throughService(service: Service, path: string, beamSize: number): Promise<Outcome> {
  const startedAt = performance.now();
  const fields = { async: 'true', cache: 'false', language: 'en', beam_size: String(beamSize) };
  const { job_id } = (await post(`${service.url}/transcribe`, path, fields)) as Accepted;
  const events = await (await fetch(`${service.url}/jobs/${job_id}/events`)).text();
  if (!/^event: completed$/m.test(events)) throw new Error(`The job did not complete: ${events.slice(-300)}`);
  const text = await (await fetch(`${service.url}/jobs/${job_id}/result?format=text`)).text();
  const wallMs = performance.now() - startedAt;
  return { wallMs, text, peakBytes: await peakMemory(service.workers[0]?.process.pid) };
}
