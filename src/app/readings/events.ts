import type { TrackedFrame } from '../../face/types';
import { createFaceEvents, type FaceEvent } from '../../index';

/** Events beyond this many push the oldest out. */
const MOST = 20_000;

/** What was told of the faces of one source after the other. */
export class EventLog {
  #events = createFaceEvents();
  #told: FaceEvent[] = [];
  #going: readonly FaceEvent[] = [];

  get told(): readonly FaceEvent[] {
    return this.#told;
  }

  /** Starts of what is going on now, the oldest first. */
  get going(): readonly FaceEvent[] {
    return this.#going;
  }

  /** True when the frame brought news. */
  add(tracked: TrackedFrame): boolean {
    return this.#take(this.#events.step(tracked));
  }

  /** Another source starts: what was going on ends, and the list is emptied. */
  reset(): void {
    this.#events = createFaceEvents();
    this.#told = [];
    this.#going = [];
  }

  /** One JSON array, as docs/events.md has it. */
  json(): string {
    const round = (value: number) => Math.round(value * 1000) / 1000;
    const rows = this.#told.map((event) => ({
      ...event,
      time: round(event.time),
      visibility: round(event.visibility),
    }));
    return JSON.stringify(rows, null, 1);
  }

  #take(events: readonly FaceEvent[]): boolean {
    if (events.length === 0) return false;
    this.#told.push(...events);
    if (this.#told.length > MOST) this.#told.splice(0, this.#told.length - MOST);
    for (const event of events) {
      if (event.kind === 'face-found') continue;
      const others = this.#going.filter(({ kind, id }) => kind !== event.kind || id !== event.id);
      this.#going = event.phase === 'start' ? [...others, event] : others;
    }
    return true;
  }
}
