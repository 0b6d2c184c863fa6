import type { Backdrop, StagePlace } from '../../render/stage-options';
import { DEFAULT_SETTINGS, type Settings } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';
import { make } from './elements';

export interface AvatarsPanelActions {
  openCharacter(): void;
  openFile(file: File): void;
  openPicture(file: File): void;
}

const PLACES: Readonly<Record<StagePlace, string>> = { over: 'On the video', studio: 'Studio' };
const BACKDROPS: Readonly<Record<'colour' | 'transparent' | 'blur' | 'picture', string>> = {
  colour: 'Colour',
  transparent: 'None',
  blur: 'Blur',
  picture: 'Picture',
};

/** The controls for avatars: which one, where, and before what. */
export class AvatarsPanel {
  readonly #name = make('span', 'quiet');
  #colour: Backdrop;

  constructor(
    root: HTMLElement,
    private readonly store: SettingsStore,
    private readonly actions: AvatarsPanelActions,
  ) {
    const { backdrop } = store.now;
    this.#colour = backdrop.startsWith('#') ? backdrop : DEFAULT_SETTINGS.backdrop;
    root.append(this.#chooser(), this.#places(), this.#backdrops());
  }

  show(name: string, loading: boolean): void {
    this.#name.textContent = loading ? `Loading ${name} …` : name;
  }

  #chooser(): HTMLElement {
    const file = fileInput('.glb,.vrm,model/gltf-binary', 'GLB or VRM file', this.actions.openFile);
    const character = button('Character', () => this.actions.openCharacter());
    const open = button('Open GLB or VRM', () => file.click());
    return make('div', 'column', make('div', 'row', character, open, file), this.#name);
  }

  #places(): HTMLElement {
    const names = Object.entries(PLACES) as [StagePlace, string][];
    const choices = names.map(([place, text]) => radio('place', place, text, () => this.store.set({ place })));
    this.store.pick$('place').subscribe(({ place }) => check(choices, place));
    return group('segments', 'Where the head is shown', choices);
  }

  #backdrops(): HTMLElement {
    const picture = fileInput('image/*', 'Picture for the background', this.actions.openPicture);
    const names = Object.entries(BACKDROPS) as [keyof typeof BACKDROPS, string][];
    const choose = (kind: keyof typeof BACKDROPS) => {
      if (kind === 'picture') picture.click();
      else this.store.set({ backdrop: kind === 'colour' ? this.#colour : kind });
      this.#reflect(choices, this.store.now);
    };
    const choices = names.map(([kind, text]) => radio('backdrop', kind, text, () => choose(kind)));
    // A picture can be changed for another one.
    choices[3]?.input.addEventListener('click', () => this.store.now.backdrop === 'picture' && picture.click());
    const colour = make('input');
    colour.type = 'color';
    colour.ariaLabel = 'Background colour';
    colour.addEventListener('input', () => this.store.set({ backdrop: colour.value as Backdrop }));
    const line = make('label', 'switch', make('span', '', 'Background colour'), colour);
    const box = make(
      'div',
      'column',
      make('h3', '', 'Background'),
      group('chips', 'Background', choices),
      line,
      picture,
    );
    this.store.pick$('backdrop', 'place').subscribe(({ backdrop, place }) => {
      box.hidden = place !== 'studio';
      if (backdrop.startsWith('#')) this.#colour = backdrop;
      colour.value = this.#colour;
      line.hidden = !backdrop.startsWith('#');
      this.#reflect(choices, { backdrop });
    });
    return box;
  }

  #reflect(choices: readonly Choice[], { backdrop }: Pick<Settings, 'backdrop'>): void {
    check(choices, backdrop.startsWith('#') ? 'colour' : backdrop);
  }
}

interface Choice {
  readonly label: HTMLElement;
  readonly input: HTMLInputElement;
}

function radio(name: string, value: string, text: string, choose: () => void): Choice {
  const input = make('input');
  input.type = 'radio';
  input.name = name;
  input.value = value;
  input.addEventListener('change', choose);
  return { label: make('label', '', input, make('span', '', text)), input };
}

function check(choices: readonly Choice[], value: string): void {
  for (const { input } of choices) input.checked = input.value === value;
}

function group(className: string, label: string, choices: readonly Choice[]): HTMLElement {
  const made = make('div', className, ...choices.map((choice) => choice.label));
  made.role = 'radiogroup';
  made.ariaLabel = label;
  return made;
}

function button(text: string, click: () => void): HTMLButtonElement {
  const made = make('button', 'button plain small', text);
  made.type = 'button';
  made.addEventListener('click', click);
  return made;
}

function fileInput(accept: string, label: string, take: (file: File) => void): HTMLInputElement {
  const made = make('input');
  made.type = 'file';
  made.accept = accept;
  made.hidden = true;
  made.ariaLabel = label;
  made.addEventListener('change', () => {
    const file = made.files?.[0];
    made.value = '';
    if (file) take(file);
  });
  return made;
}
