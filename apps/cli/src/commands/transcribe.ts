import type { ExitCode } from '../exit-codes.ts';
export interface TranscribeOptions {
  format: string;
}
export async function transcribe(_files: string[], _options: TranscribeOptions): Promise<ExitCode> {
  return 1;
}
