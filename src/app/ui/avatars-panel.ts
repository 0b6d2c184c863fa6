import type { Backdrop, StagePlace } from '../../render/stage-options';
import { DEFAULT_SETTINGS, SETTINGS, type Settings } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';
import type { AvatarStatus, Avatars } from '../stage/avatars';
import { make } from './elements';

const PLACES: Readonly<Record<StagePlace, string>> = { over: 'On the video', studio: 'Studio' };
const BACKDROPS: Readonly<Record<'colour' | 'transparent' | 'blur' | 'picture', string>> = {
  colour: 'Colour',
  transparent: 'None',
  blur: 'Blur',
  picture: 'Picture',
};

/** The controls for avatars: file, place and background. */
export class AvatarsPanel {
  readonly #name = make('span', 'quiet');
  /** The last colour that was chosen, which `Colour` goes back to. */
  #colour: Backdrop;

  constructor(
    root: HTMLElement,
    private readonly store: SettingsStore,
    private readonly avatars: Avatars,
  ) {
    const { backdrop } = store.now;
    this.#colour = backdrop.startsWith('#') ? backdrop : DEFAULT_SETTINGS.backdrop;
    root.append(this.#fileRow(), this.#placeGroup(), this.#backdropGroup());
    avatars.status$.subscribe((status) => this.#showStatus(status));
  }

  #showStatus({ name, loading }: AvatarStatus): void {
    this.#name.textContent = loading ? `Loading ${name} …` : name;
  }

  #fileRow(): HTMLElement {
    const file = fileInput('.glb,.vrm,model/gltf-binary', 'GLB or VRM file', (chosen) => this.avatars.openFile(chosen));
    const character = button('Character', () => this.avatars.openCharacter());
    const open = button('Open GLB or VRM', () => file.click());
    return make('div', 'column', make('div', 'row', character, open, file), this.#name);
  }

  #placeGroup(): HTMLElement {
    const names = Object.entries(PLACES) as [StagePlace, string][];
    const choices = names.map(([place, text]) => radio('place', place, text, () => this.store.set({ place })));
    this.store.pick$('place').subscribe(({ place }) => checkOnly(choices, place));
    return group('segments', SETTINGS.place.label, choices);
  }

  #backdropGroup(): HTMLElement {
    const picture = fileInput('image/*', 'Picture for the background', (chosen) => this.avatars.openPicture(chosen));
    const names = Object.entries(BACKDROPS) as [keyof typeof BACKDROPS, string][];
    const choose = (kind: keyof typeof BACKDROPS) => {
      if (kind === 'picture') picture.click();
      else this.store.set({ backdrop: kind === 'colour' ? this.#colour : kind });
      // Without a picture the setting stays as it was, and so does the checked choice.
      checkBackdrop(choices, this.store.now);
    };
    const choices = names.map(([kind, text]) => radio('backdrop', kind, text, () => choose(kind)));
    // A click on the checked choice replaces the picture.
    choices[3]?.input.addEventListener('click', () => this.store.now.backdrop === 'picture' && picture.click());
    const colour = colourInput('Background colour', (backdrop) => this.store.set({ backdrop }));
    const colourRow = make('label', 'switch', make('span', '', 'Background colour'), colour);
    const chips = group('chips', SETTINGS.backdrop.label, choices);
    const box = make('div', 'column', make('h3', '', SETTINGS.backdrop.label), chips, colourRow, picture);
    this.store.pick$('backdrop', 'place').subscribe(({ backdrop, place }) => {
      box.hidden = place !== 'studio';
      if (backdrop.startsWith('#')) this.#colour = backdrop;
      colour.value = this.#colour;
      colourRow.hidden = !backdrop.startsWith('#');
      checkBackdrop(choices, { backdrop });
    });
    return box;
  }
}

interface RadioChoice {
  readonly label: HTMLElement;
  readonly input: HTMLInputElement;
}

function radio(name: string, value: string, text: string, onChoose: () => void): RadioChoice {
  const input = make('input');
  input.type = 'radio';
  input.name = name;
  input.value = value;
  input.addEventListener('change', onChoose);
  return { label: make('label', '', input, make('span', '', text)), input };
}

function checkOnly(choices: readonly RadioChoice[], value: string): void {
  for (const { input } of choices) input.checked = input.value === value;
}

function checkBackdrop(choices: readonly RadioChoice[], { backdrop }: Pick<Settings, 'backdrop'>): void {
  checkOnly(choices, backdrop.startsWith('#') ? 'colour' : backdrop);
}

function group(className: string, label: string, choices: readonly RadioChoice[]): HTMLElement {
  const made = make('div', className, ...choices.map((choice) => choice.label));
  made.role = 'radiogroup';
  made.ariaLabel = label;
  return made;
}

function button(text: string, onClick: () => void): HTMLButtonElement {
  const made = make('button', 'button plain small', text);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

function colourInput(label: string, onInput: (colour: Backdrop) => void): HTMLInputElement {
  const made = make('input');
  made.type = 'color';
  made.ariaLabel = label;
  // A colour input's value is always #rrggbb.
  made.addEventListener('input', () => onInput(made.value as Backdrop));
  return made;
}

function fileInput(accept: string, label: string, onFile: (file: File) => void): HTMLInputElement {
  const made = make('input');
  made.type = 'file';
  made.accept = accept;
  made.hidden = true;
  made.ariaLabel = label;
  made.addEventListener('change', () => {
    const file = made.files?.[0];
    made.value = '';
    if (file) onFile(file);
  });
  return made;
}
