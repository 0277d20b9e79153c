import type { InstallPhase, ModelProgress } from '@sotto/whisper';
import { bytesText, note } from './output.ts';
import { ProgressBar } from './progress-bar.ts';

const WITHOUT_LENGTH = new Set<InstallPhase>(['waiting', 'connecting', 'testing']);

/** One bar for each thing an installation does: connecting has no length and gets a line, downloading a bar. */
export class ModelProgressBar {
  private bar: ProgressBar | null = null;
  private doing = '';

  show({ model, phase, source, receivedBytes, totalBytes }: ModelProgress): void {
    const doing =
      `${model}: ${phase}${phase === 'waiting' ? ' for' : ''} ${phase === 'unpacking' ? '' : `(${source})`}`.trim();
    if (doing !== this.doing) {
      this.end();
      this.doing = doing;
      if (totalBytes === null || WITHOUT_LENGTH.has(phase)) note(doing);
      else this.bar = new ProgressBar(doing);
    }
    if (totalBytes !== null && totalBytes > 0) {
      this.bar?.show(receivedBytes / totalBytes, `${bytesText(receivedBytes)} of ${bytesText(totalBytes)}`);
    }
  }

  end(): void {
    this.bar?.end();
    this.bar = null;
  }
}
