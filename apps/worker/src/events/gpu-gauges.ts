import { Gauge, type Registry } from 'prom-client';
import { type GpuReading, readGpus } from '../gpu/nvidia-smi.ts';

/** Starting a program for each of them, and for each scrape, would be too much. */
const SHARED_MS = 2_000;

/** The GPUs of this machine, whoever uses them; absent where there are none. */
export function addGpuGauges(registry: Registry, read: () => Promise<GpuReading[]> = () => readGpus()): void {
  let last: { atMs: number; readings: Promise<GpuReading[]> } | null = null;
  const readings = () => {
    if (last === null || performance.now() - last.atMs > SHARED_MS) {
      last = { atMs: performance.now(), readings: read() };
    }
    return last.readings;
  };
  const gauge = (name: string, help: string, of: (gpu: GpuReading) => number | null) =>
    new Gauge({
      name,
      help,
      labelNames: ['gpu'],
      registers: [registry],
      async collect() {
        const gpus = await readings();
        this.reset();
        for (const gpu of gpus) {
          const value = of(gpu);
          if (value !== null) this.set({ gpu: gpu.gpu }, value);
        }
      },
    });
  gauge('sotto_gpu_utilisation_ratio', 'How busy a GPU is, 0-1.', ({ utilisation }) => utilisation);
  gauge('sotto_gpu_memory_used_bytes', 'Used memory of a GPU.', ({ memoryUsedBytes }) => memoryUsedBytes);
  gauge('sotto_gpu_memory_bytes', 'Memory of a GPU.', ({ memoryBytes }) => memoryBytes);
  gauge('sotto_gpu_temperature_celsius', 'Temperature of a GPU.', ({ celsius }) => celsius);
}
