import type { InstalledModel } from '@sotto/contracts';
import { Speed } from './speed.ts';

type Figures = Pick<InstalledModel, 'realtimeFactor' | 'memoryBytes'>;

/** How fast the models of this worker are and what memory they take, as each was last measured here, by its name. */
export class ModelFigures {
  readonly #speeds = new Map<string, Speed>();
  readonly #memoryBytes = new Map<string, number>();

  addWindow(model: string, audioMs: number, engineMs: number): void {
    const speed = this.#speeds.get(model) ?? new Speed();
    this.#speeds.set(model, speed);
    speed.add(audioMs, engineMs);
  }

  setMemory(model: string, memoryBytes: number): void {
    this.#memoryBytes.set(model, memoryBytes);
  }

  /** null: not measured yet. */
  of(model: string): Figures {
    return {
      realtimeFactor: this.#speeds.get(model)?.rtfx ?? null,
      memoryBytes: this.#memoryBytes.get(model) ?? null,
    };
  }
}
