import * as v from 'valibot';
import { OVERLAYS, type Overlay } from '../../render/stage-options';
import { settingsFromQuery } from '../settings/read-settings';
import { isMirrored, isSettingName, type SettingName, type Settings } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';

type Control = HTMLInputElement | HTMLSelectElement;

const overlaySchema = v.picklist(OVERLAYS);

/** Connects the controls with data-setting and data-overlay attributes to the settings, in both directions. */
export function bindControls(store: SettingsStore): void {
  const controls = [...document.querySelectorAll<Control>('[data-setting]')];
  const overlays = [...document.querySelectorAll<HTMLInputElement>('[data-overlay]')];
  for (const control of controls) {
    control.addEventListener(control.type === 'range' ? 'input' : 'change', () => store.set(settingOf(control)));
  }
  for (const box of overlays) {
    box.addEventListener('change', () => store.set({ overlays: toggled(store.now.overlays, overlayOf(box)) }));
  }
  store.all$.subscribe((settings) => {
    for (const control of controls) reflect(control, settings);
    for (const box of overlays) box.checked = settings.overlays.includes(overlayOf(box));
  });
}

/** The list with this overlay added or removed. */
export function toggled(overlays: readonly Overlay[], overlay: Overlay): Overlay[] {
  return overlays.includes(overlay) ? overlays.filter((other) => other !== overlay) : [...overlays, overlay];
}

/** Reads a control as query text, so that the same check applies. */
function settingOf(control: Control): Partial<Settings> {
  const box = control instanceof HTMLInputElement && control.type === 'checkbox';
  const text = box ? String(control.checked) : control.value;
  return settingsFromQuery(new URLSearchParams({ [settingName(control.dataset.setting)]: text }).toString()).settings;
}

function reflect(control: Control, settings: Settings): void {
  const name = settingName(control.dataset.setting);
  const value = name === 'mirror' ? isMirrored(settings) : settings[name];
  if (control instanceof HTMLSelectElement) selectOption(control, String(value));
  else if (control.type === 'range') control.value = String(value);
  else if (control.type === 'radio') control.checked = control.value === value;
  else control.checked = value === true;
}

/** Selects an option. A bundle that only the query string names is added as an option. */
function selectOption(select: HTMLSelectElement, value: string): void {
  if (select.dataset.setting === 'bundle' && ![...select.options].some((option) => option.value === value)) {
    select.add(new Option(value, value));
  }
  select.value = value;
}

/** Throws where index.html names a setting that does not exist. */
function settingName(name = ''): SettingName {
  if (!isSettingName(name)) throw new Error(`index.html names the unknown setting “${name}”`);
  return name;
}

function overlayOf(box: HTMLElement): Overlay {
  return v.parse(overlaySchema, box.dataset.overlay);
}
