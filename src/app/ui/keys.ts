import { tinykeys } from 'tinykeys';
import { element, make } from './elements';

export interface Key {
  /** As tinykeys wants it. */
  readonly press: string;
  /** As people read it. */
  readonly label: string;
  readonly does: string;
  readonly run: () => void;
}

/** Controls that make something of the key themselves. */
const OWN_KEYS = 'input, select, textarea, button, a, dialog';

/** Listens to the keys and lists them in the help. */
export function bindKeys(keys: readonly Key[]): void {
  const bindings = keys.map(({ press, run }) => [
    press,
    (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (press === 'Space' && event.target instanceof Element && event.target.closest(OWN_KEYS)) return;
      event.preventDefault();
      run();
    },
  ]);
  tinykeys(window, Object.fromEntries(bindings));
  const rows = keys.flatMap(({ label, does }) => [make('dt', '', label), make('dd', '', does)]);
  element('keys', HTMLDListElement).replaceChildren(...rows);
}

function isTyping({ target, repeat }: KeyboardEvent): boolean {
  return repeat || (target instanceof Element && target.closest('select, textarea, dialog') !== null);
}
