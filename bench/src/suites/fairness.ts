import { Crowd } from '@sotto/testkit';
import type { BenchOptions } from '../options.ts';
import { requireTinyEn } from '../resources.ts';
import { median } from '../statistics.ts';
import { ms, type Report, ratio } from '../table.ts';

const CLIPS = 10;

/** How long a clip of three seconds takes while another key's hours of sound are decoded and transcribed. */
export async function fairness({ isSmall }: BenchOptions): Promise<Report> {
  const [hours, files, clips] = isSmall ? [1, 3, 2] : [3, 20, CLIPS];
  const modelDir = await requireTinyEn();
  const crowd = await Crowd.start({ modelDir, longSeconds: hours * 3600, tenMinuteFiles: files });
  try {
    await crowd.clip();
    const alone = await times(crowd, clips);
    await crowd.gather();
    const whileDecoding = await times(crowd, clips);
    const isStillDecoding = (await crowd.stageOfLong()) === 'preparing';
    await crowd.longHasWindows();
    const whileTranscribing = await times(crowd, clips);
    const windowMs = median(await crowd.windowTimesMs());
    const row = (when: string, samples: number[]): string[] => {
      const typical = median(samples);
      return [when, ms(typical), ms(Math.max(...samples)), ratio(typical / windowMs)];
    };
    return {
      title: 'A 3 s clip behind other work',
      method: `tiny.en, one worker with its defaults, ${clips} clips each, sync, mp3. The other work is another key's: a file of ${hours} h and ${files} of ten minutes. A window of it takes ${ms(windowMs)} (median of the engine's own figures).`,
      columns: ['when', 'p50', 'slowest', 'p50 in window-times'],
      rows: [
        row('alone', alone),
        row(`while the file of ${hours} h is decoded${isStillDecoding ? '' : ' (part of it after)'}`, whileDecoding),
        row('while its windows are made', whileTranscribing),
      ],
    };
  } finally {
    await crowd.close();
  }
}

async function times(crowd: Crowd, clips: number): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < clips; i += 1) samples.push((await crowd.clip()).tookMs);
  return samples;
}
