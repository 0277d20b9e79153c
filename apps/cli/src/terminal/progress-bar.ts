import { Presets, SingleBar } from 'cli-progress';
import { note } from './output.ts';

/**
 * A bar on stderr; where stderr is no terminal, a line at every tenth. A bar whose end is unknown shows its text only.
 */
export class ProgressBar {
  private readonly title: string;
  private readonly bar: SingleBar | null;
  private started = false;
  private lastTenth = -1;
  private fraction = 0;

  constructor(title: string) {
    this.title = title;
    const format = '{title} {bar} {percentage} % {text}';
    const options = {
      format,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      linewrap: false,
    };
    this.bar = process.stderr.isTTY ? new SingleBar(options, Presets.shades_classic) : null;
  }

  /** @param fraction 0-1 */
  show(fraction: number, text = ''): void {
    this.fraction = fraction;
    const percent = Math.floor(Math.min(Math.max(fraction, 0), 1) * 100);
    if (this.bar === null) {
      this.showLine(percent, text);
      return;
    }
    if (!this.started) this.bar.start(100, percent, { title: this.title, text });
    else this.bar.update(percent, { title: this.title, text });
    this.started = true;
  }

  /** Text that is to be read, also where stderr is no terminal; the bar stays where it is. */
  say(text: string): void {
    if (this.bar === null) note(`${this.title}: ${text}`);
    else this.show(this.fraction, text);
  }

  end(): void {
    if (this.started) this.bar?.stop();
    this.started = false;
  }

  private showLine(percent: number, text: string): void {
    const tenth = Math.floor(percent / 10);
    if (tenth <= this.lastTenth) return;
    this.lastTenth = tenth;
    note(`${this.title}: ${tenth * 10} % ${text}`.trimEnd());
  }
}
