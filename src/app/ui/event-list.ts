import type { TrackedFrame } from '../../face/types';
import type { FaceEvent, FaceEventKind } from '../../index';
import type { EventLog } from '../readings/events';
import { make } from './elements';
import { saveFile } from './save-file';

const NAMES: Readonly<Record<FaceEventKind, string>> = {
  'mask-worn': 'Mask worn',
  'hand-over-mouth': 'Mouth covered',
  'eyes-covered': 'Eyes covered',
  'face-covered': 'Face covered',
  blink: 'Blink',
  'eyes-closed': 'Eyes closed',
  'mouth-open': 'Mouth open',
  smile: 'Smile',
  'face-found': 'Face found',
  'face-lost': 'Face lost',
};

/** Events listed at most. */
const LINES = 6;

/** Lists the current events and the latest ones, and saves all of them as a file. */
export class EventList {
  readonly #current = make('div', 'event-chips');
  readonly #lines = make('ol', 'event-lines');
  readonly #save = make('button', 'button plain small', 'Save as JSON');

  constructor(
    parent: HTMLElement,
    private readonly log: EventLog,
  ) {
    this.#current.role = 'status';
    this.#current.ariaLabel = 'Current events';
    this.#lines.ariaLabel = 'Latest events';
    this.#save.type = 'button';
    this.#save.addEventListener('click', () => saveFile('peekaboo-events.json', log.json()));
    parent.append(this.#current, this.#lines, make('div', 'row', this.#save));
    this.#render();
  }

  addFrame(tracked: TrackedFrame): void {
    if (this.log.addFrame(tracked)) this.#render();
  }

  /** Ends all states: the source has ended. */
  end(): void {
    if (this.log.end()) this.#render();
  }

  reset(): void {
    this.log.reset();
    this.#render();
  }

  #render(): void {
    const { events, current } = this.log;
    const several = new Set(events.slice(-50).map(({ id }) => id)).size > 1;
    const name = ({ kind, id }: FaceEvent) => (several ? `${NAMES[kind]} · face ${id + 1}` : NAMES[kind]);
    this.#current.replaceChildren(
      ...(current.length > 0
        ? current.map((event) => make('span', `event-chip ${event.kind}`, name(event)))
        : [make('span', 'quiet', 'No event')]),
    );
    const lines = events.slice(-LINES).reverse();
    this.#lines.replaceChildren(...lines.map((event) => line(event, name(event))));
    this.#save.disabled = events.length === 0;
  }
}

function line({ kind, phase, time }: FaceEvent, name: string): HTMLLIElement {
  const ends = phase === 'end' && kind !== 'face-lost';
  return make('li', ends ? 'ends' : '', make('time', '', clock(time)), make('span', '', ends ? `${name} ended` : name));
}

/** Minutes, seconds and tenths of a second. */
function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, '0')}.${tenths % 10}`;
}
