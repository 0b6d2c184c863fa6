import { type Face, REGIONS, type Seconds } from '../../face/types';

/** Length of a part of the clip with one value, seconds. */
const PART = 0.1;
/** Longer gaps between two tracked frames count as not tracked. */
const LONGEST_GAP = 2;

/** What tracking has found in a part of a clip. `covered`: covered share of the face, 0 to 1; null without a face. */
export interface Seen {
  readonly covered: number | null;
}

/** Where in a clip the largest face was found and how much of it was covered, as far as the clip has been tracked. */
export class ClipCoverage {
  readonly #parts = new Map<number, Seen>();
  #last: Seconds | undefined;

  /** Adds a tracked frame at a time of the clip. `isCut`: the frames before it were not played just now. */
  add(time: Seconds, faces: readonly Face[], isCut: boolean): void {
    const seen = { covered: coveredShare(faces[0]) };
    const gap = time - (this.#last ?? time);
    const from = !isCut && gap > 0 && gap < LONGEST_GAP ? partOf(this.#last ?? time) + 1 : partOf(time);
    for (let part = from; part < partOf(time); part++) this.#parts.set(part, seen);
    this.#parts.set(partOf(time), seen);
    this.#last = time;
  }

  /** What is known about the time from `from` to `to`: the largest covered share; undefined where nothing was tracked. */
  between(from: Seconds, to: Seconds): Seen | undefined {
    let found: Seen | undefined;
    for (let part = partOf(from); part <= Math.max(partOf(from), Math.ceil(to / PART) - 1); part++) {
      const seen = this.#parts.get(part);
      if (seen && (found === undefined || (seen.covered ?? -1) > (found.covered ?? -1))) found = seen;
    }
    return found;
  }

  /** Shares of the tracked part, 0 to 1: with a face, and with a face of which at least a tenth is covered. */
  summary(): { readonly tracked: Seconds; readonly found: number; readonly covered: number } {
    const all = [...this.#parts.values()];
    const count = (holds: (covered: number) => boolean) =>
      all.filter(({ covered }) => covered !== null && holds(covered)).length / Math.max(1, all.length);
    return { tracked: all.length * PART, found: count(() => true), covered: count((covered) => covered >= 0.1) };
  }
}

function partOf(time: Seconds): number {
  return Math.floor(time / PART + 1e-6);
}

/** Mean over the regions. */
function coveredShare(face: Face | undefined): number | null {
  if (!face) return null;
  const visible = REGIONS.reduce((sum, region) => sum + face.visibility[region], 0) / REGIONS.length;
  return Math.min(Math.max(1 - visible, 0), 1);
}
