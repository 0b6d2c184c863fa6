import type { TrackedFrame } from '../../face/types';
import { createFaceEvents, type FaceEvent } from '../../index';

/** Events kept at most; the oldest are dropped. */
const MOST = 20_000;

/** The events of the running source. */
export class EventLog {
  #detector = createFaceEvents();
  #list: FaceEvent[] = [];
  #current: readonly FaceEvent[] = [];

  /** All events, the oldest first. */
  get events(): readonly FaceEvent[] {
    return this.#list;
  }

  /** The start events of the states that hold now, the oldest first. */
  get current(): readonly FaceEvent[] {
    return this.#current;
  }

  /** Returns whether the frame caused an event. */
  addFrame(tracked: TrackedFrame): boolean {
    return this.#append(this.#detector.step(tracked));
  }

  /** Ends all states: the source has ended. Returns whether that caused an event. */
  end(): boolean {
    return this.#append(this.#detector.end());
  }

  /** Empties the list for another source. */
  reset(): void {
    this.#detector = createFaceEvents();
    this.#list = [];
    this.#current = [];
  }

  /** All events as one JSON array, in the format of docs/events.md. */
  json(): string {
    const round = (value: number) => Math.round(value * 1000) / 1000;
    const rows = this.#list.map((event) => ({
      ...event,
      time: round(event.time),
      visibility: round(event.visibility),
    }));
    return JSON.stringify(rows, null, 1);
  }

  #append(events: readonly FaceEvent[]): boolean {
    if (events.length === 0) return false;
    this.#list.push(...events);
    if (this.#list.length > MOST) this.#list.splice(0, this.#list.length - MOST);
    for (const event of events) {
      if (event.kind === 'face-found') continue;
      const others = this.#current.filter(({ kind, id }) => kind !== event.kind || id !== event.id);
      this.#current = event.phase === 'start' ? [...others, event] : others;
    }
    return true;
  }
}
