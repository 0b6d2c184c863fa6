import { distinctUntilChanged, map } from 'rxjs';
import { SMOOTHING_GROUPS, SMOOTHING_PRESETS, type SmoothingGroup, type SmoothingSettings } from '../../index';
import type { SettingsStore } from '../settings/settings-store';
import { PRESET_NAMES, presetOf } from '../settings/smoothing-text';
import { make } from './elements';

const NAMES: Readonly<Record<SmoothingGroup, string>> = {
  translation: 'Position',
  rotation: 'Rotation',
  brows: 'Brows',
  eyes: 'Eyes',
  mouth: 'Mouth',
  jaw: 'Jaw',
  light: 'Light',
  albedo: 'Skin colour',
};

/** The presets of the smoothing and a slider per group, from steady to quick. */
export class SmoothingPanel {
  readonly #presets = new Map(PRESET_NAMES.map((name) => [name, presetButton(name)]));
  readonly #sliders = new Map(SMOOTHING_GROUPS.map((group) => [group, slider(NAMES[group])]));

  constructor(
    parent: HTMLElement,
    private readonly store: SettingsStore,
  ) {
    for (const [name, button] of this.#presets)
      button.addEventListener('click', () => this.#setSmoothing(SMOOTHING_PRESETS[name]));
    for (const [group, { input }] of this.#sliders)
      input.addEventListener('input', () =>
        this.#setSmoothing({ ...store.now.smoothing, [group]: Number(input.value) }),
      );
    const presets = make('div', 'presets', ...this.#presets.values());
    presets.role = 'group';
    presets.ariaLabel = 'Smoothing presets';
    const ends = make('div', 'slider-ends', make('span', '', 'steady'), make('span', '', 'quick'));
    ends.ariaHidden = 'true';
    parent.append(presets, ends, ...[...this.#sliders.values()].map(({ root }) => root));
    store.all$
      .pipe(
        map(({ smoothing }) => smoothing),
        distinctUntilChanged(),
      )
      .subscribe((smoothing) => this.#showSettings(smoothing));
  }

  /** Also switches smoothing on. */
  #setSmoothing(smoothing: SmoothingSettings): void {
    this.store.set(this.store.now.smooth ? { smoothing } : { smoothing, smooth: true });
  }

  #showSettings(smoothing: SmoothingSettings): void {
    const preset = presetOf(smoothing);
    for (const [name, button] of this.#presets) button.ariaPressed = String(name === preset);
    for (const [group, { input }] of this.#sliders) {
      input.value = String(smoothing[group]);
      input.ariaValueText = `${Math.round(100 * smoothing[group])} %`;
    }
  }
}

function presetButton(name: string): HTMLButtonElement {
  const button = make('button', 'button plain small', name[0]?.toUpperCase() + name.slice(1));
  button.type = 'button';
  return button;
}

function slider(name: string): { readonly root: HTMLElement; readonly input: HTMLInputElement } {
  const input = make('input', 'slider');
  input.type = 'range';
  input.min = '0';
  input.max = '1';
  input.step = '0.05';
  return { root: make('label', 'slider-row', make('span', '', name), input), input };
}
