import { toggleFilter } from '../settings/choose-filter';
import type { SettingsStore } from '../settings/settings-store';
import { make } from './elements';

/** Chips that switch filters on and off. `refresh` calls `names` again. */
export class FilterChips {
  readonly #chips = make('fieldset', 'chips filters');

  constructor(
    parent: HTMLElement,
    private readonly store: SettingsStore,
    private readonly names: () => readonly string[],
  ) {
    this.#chips.ariaLabel = 'Filters';
    parent.append(this.#chips);
    this.refresh();
    store.pick$('filter').subscribe(() => this.#showSettings());
  }

  refresh(): void {
    this.#chips.replaceChildren(...this.names().map((name) => this.#chip(name)));
    this.#showSettings();
  }

  #chip(name: string): HTMLLabelElement {
    const box = make('input');
    box.type = 'checkbox';
    box.value = name;
    box.addEventListener('change', () => this.store.set(toggleFilter(this.store.now, name)));
    return make('label', '', box, make('span', '', titleOf(name)));
  }

  #showSettings(): void {
    for (const box of this.#chips.querySelectorAll('input')) box.checked = this.store.now.filter.includes(box.value);
  }
}

/** The name as a title: `half-mask` becomes `Half mask`. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
