import { SottoError } from '@sotto/contracts';
import type { EditedSegment, EditedSpeaker } from './edited-segment.ts';
import { type Content, type Patch, patched } from './patch.ts';
import { rootOf, type Slot, slotAt } from './slots.ts';

export const invalidEdit = (detail: string): SottoError => new SottoError('invalid_edit', detail);

/** A segment, and where it is. */
export interface Placed {
  slot: number;
  at: number;
  segment: EditedSegment;
}

/** A transcript while an edit is made on it, and what the edit has changed so far. */
export class Draft {
  readonly #before: Content;
  readonly #slots = new Map<number, Slot>();
  #speakers: readonly EditedSpeaker[];
  readonly #segmentIds = new Set<string>();
  readonly #speakerNumbers = new Set<number>();

  constructor(before: Content) {
    this.#before = before;
    this.#speakers = before.speakers;
  }

  get speakers(): readonly EditedSpeaker[] {
    return this.#speakers;
  }

  find(id: string): Placed {
    const slot = this.#before.slots.indices.get(rootOf(id)) ?? -1;
    const segments = this.#slotAt(slot) ?? [];
    const at = segments.findIndex((segment) => segment.id === id);
    const segment = segments[at];
    if (segment === undefined) throw invalidEdit(`There is no segment ${id}.`);
    return { slot, at, segment };
  }

  /** One that is part of the text. */
  findKept(id: string): Placed {
    const found = this.find(id);
    if (found.segment.state !== 'kept') throw invalidEdit(`Segment ${id} is ${found.segment.state}: restore it first.`);
    return found;
  }

  /** The segment that follows in the text. */
  findNext({ slot: first, at: last, segment: { id } }: Placed): Placed {
    for (let slot = first, from = last + 1; ; slot += 1, from = 0) {
      const segments = this.#slotAt(slot);
      if (segments === undefined) throw invalidEdit(`No segment follows segment ${id}.`);
      const at = segments.findIndex(({ state }, index) => index >= from && state === 'kept');
      const segment = segments[at];
      if (segment !== undefined) return { slot, at, segment };
    }
  }

  replace({ slot, at, segment }: Placed, ...after: EditedSegment[]): void {
    this.#slots.set(slot, (this.#slotAt(slot) ?? []).toSpliced(at, 1, ...after));
    for (const { id } of [segment, ...after]) this.#segmentIds.add(id);
  }

  /** @param speaker a number in use, or the next one */
  putSpeaker(speaker: number, properties: EditedSpeaker): void {
    this.#speakers = Object.assign([...this.#speakers], { [speaker]: properties });
    this.#speakerNumbers.add(speaker);
  }

  get content(): Content {
    return patched(this.#before, [this.patch]);
  }

  get patch(): Patch {
    const { slots, speakers } = this.#before;
    return {
      slots: [...this.#slots].map(([index, after]) => ({ index, before: slotAt(slots, index) ?? [], after })),
      speakers: this.#speakers === speakers ? null : { before: speakers, after: this.#speakers },
      segmentIds: this.#segmentIds,
      speakerNumbers: this.#speakerNumbers,
    };
  }

  #slotAt(index: number): Slot | undefined {
    return this.#slots.get(index) ?? slotAt(this.#before.slots, index);
  }
}
