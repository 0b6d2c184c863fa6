import { tinykeys } from 'tinykeys';
import { element, make } from './elements';

export interface Shortcut {
  /** A key as tinykeys names it, without modifiers. */
  readonly key: string;
  /** The key's name in the help. */
  readonly label: string;
  /** What the shortcut does, in the help. */
  readonly action: string;
  readonly run: () => void;
  /** Whether a held key runs it again and again. Default false. */
  readonly repeats?: boolean;
}

/** Controls that use the space bar themselves. */
const SPACE_CONTROLS = 'input, select, textarea, button, a, dialog';
/** Controls that use the arrow keys themselves; the seek bar leaves them to the player. */
const ARROW_CONTROLS = 'input:not(#player-seek)';

/** Listens for the shortcuts and lists them in the help. */
export function bindKeys(shortcuts: readonly Shortcut[]): void {
  const bindings = shortcuts.flatMap((shortcut) => {
    const listener = (event: KeyboardEvent) => runShortcut(shortcut, event);
    return pressesOf(shortcut).map((press) => [press, listener] as const);
  });
  tinykeys(window, Object.fromEntries(bindings));
  const rows = shortcuts.flatMap(({ label, action }) => [make('dt', '', label), make('dd', '', action)]);
  element('keys', HTMLDListElement).replaceChildren(...rows);
}

/** Keyboard layouts differ in whether digits and punctuation need Shift, and tinykeys matches modifiers exactly. */
function pressesOf({ key }: Shortcut): readonly string[] {
  return key.length === 1 && !/[a-z]/.test(key) ? [key, `Shift+${key}`] : [key];
}

function runShortcut({ key, run, repeats = false }: Shortcut, event: KeyboardEvent): void {
  const { target, repeat, defaultPrevented } = event;
  const isIn = (selector: string) => target instanceof Element && target.closest(selector) !== null;
  // A closed dialog keeps the focus until the next rendering.
  if (defaultPrevented || (repeat && !repeats) || isIn('select, textarea, dialog[open]')) return;
  if (key === 'Space' && isIn(SPACE_CONTROLS)) return;
  if (key.startsWith('Arrow') && isIn(ARROW_CONTROLS)) return;
  event.preventDefault();
  run();
}
