import type { Change } from '../said/said-text.ts';
import type { Stretch } from '../script/build.ts';
import type { Manner } from '../script/script.ts';

interface OpenStretch extends Stretch {
  fixed: Change[];
}

/** A line of marked-up text while it is read: stretches of one manner each, with single spaces. */
export class Line {
  #stretches: OpenStretch[] = [];

  /** @param spoken what is said instead, whatever rules say */
  add(written: string, manner: Manner, spoken: string | null = null): void {
    const stretch = this.#stretchOf(manner);
    const text = written.replace(/\s+/g, ' ');
    const added = stretch.text === '' || stretch.text.endsWith(' ') ? text.trimStart() : text;
    const start = stretch.text.length + added.length - added.trimStart().length;
    const end = stretch.text.length + added.trimEnd().length;
    stretch.text += added;
    if (spoken !== null && end > start) stretch.fixed.push({ start, end, spoken });
  }

  /** What was added until now; the line is empty afterwards. */
  take(): Stretch[] {
    const stretches = this.#stretches;
    this.#stretches = [];
    return stretches;
  }

  get isEmpty(): boolean {
    return this.#stretches.every(({ text }) => text.trim() === '');
  }

  #stretchOf(manner: Manner): OpenStretch {
    const last = this.#stretches.at(-1);
    if (last && last.manner === manner) return last;
    const stretch: OpenStretch = { text: '', manner, fixed: [] };
    this.#stretches.push(stretch);
    return stretch;
  }
}
