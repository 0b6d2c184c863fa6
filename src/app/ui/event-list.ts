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

/** Lines of the list. */
const LINES = 6;

/** What is going on, what happened last, and all of it as a file. */
export class EventList {
  readonly #going = make('div', 'event-chips');
  readonly #lines = make('ol', 'event-lines');
  readonly #save = make('button', 'button plain small', 'Save as JSON');

  constructor(
    parent: HTMLElement,
    private readonly log: EventLog,
  ) {
    this.#going.role = 'status';
    this.#going.ariaLabel = 'Going on now';
    this.#lines.ariaLabel = 'What happened last';
    this.#save.type = 'button';
    this.#save.addEventListener('click', () => saveFile('peekaboo-events.json', log.json()));
    parent.append(this.#going, this.#lines, make('div', 'row', this.#save));
    this.#write();
  }

  show(tracked: TrackedFrame): void {
    if (this.log.add(tracked)) this.#write();
  }

  reset(): void {
    this.log.reset();
    this.#write();
  }

  #write(): void {
    const { told, going } = this.log;
    const several = new Set(told.slice(-50).map(({ id }) => id)).size > 1;
    const name = ({ kind, id }: FaceEvent) => (several ? `${NAMES[kind]} · face ${id + 1}` : NAMES[kind]);
    this.#going.replaceChildren(
      ...(going.length > 0
        ? going.map((event) => make('span', `event-chip ${event.kind}`, name(event)))
        : [make('span', 'quiet', 'Nothing in particular')]),
    );
    const lines = told.slice(-LINES).reverse();
    this.#lines.replaceChildren(...lines.map((event) => line(event, name(event))));
    this.#save.disabled = told.length === 0;
  }
}

function line({ kind, phase, time }: FaceEvent, name: string): HTMLLIElement {
  const ends = phase === 'end' && kind !== 'face-lost';
  return make('li', ends ? 'ends' : '', make('time', '', clock(time)), make('span', '', ends ? `${name}: over` : name));
}

/** Minutes, seconds and tenths. */
function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, '0')}.${tenths % 10}`;
}
