import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A driver in trouble must not hold up a scrape. */
const TIMEOUT_MS = 3_000;

const FIELDS = ['index', 'utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu'];
const MIB = 1024 * 1024;

/** null: the driver does not tell, as for the memory of some integrated GPUs. */
export interface GpuReading {
  /** As the driver numbers it. */
  gpu: string;
  /** Part of the last moments in which it was at work, 0-1. */
  utilisation: number | null;
  memoryUsedBytes: number | null;
  memoryBytes: number | null;
  celsius: number | null;
}

/** The GPUs of NVIDIA of this machine; none where there is no such program, or no driver. */
export async function readGpus(command = 'nvidia-smi'): Promise<GpuReading[]> {
  try {
    const query = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'];
    const { stdout } = await run(command, query, { timeout: TIMEOUT_MS });
    return gpusOf(stdout);
  } catch {
    return [];
  }
}

/** One line for each GPU: `0, 87, 10240, 46068, 61`; `[N/A]` or `[Not Supported]` where the driver does not tell. */
export function gpusOf(csv: string): GpuReading[] {
  return csv
    .split('\n')
    .filter((line) => line.includes(','))
    .map((line) => {
      const [gpu = '', ...figures] = line.split(',').map((field) => field.trim());
      const [percent, used, total, celsius] = figures.map((text) => (/^\d+$/.test(text) ? Number(text) : null));
      const times = (figure: number | null | undefined, by: number) => (figure == null ? null : figure * by);
      return {
        gpu,
        utilisation: times(percent, 0.01),
        memoryUsedBytes: times(used, MIB),
        memoryBytes: times(total, MIB),
        celsius: celsius ?? null,
      };
    });
}
