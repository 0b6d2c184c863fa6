import * as v from 'valibot';
import { OVERLAYS, type Overlay } from '../../render/stage-options';
import { isMirrored, type SettingName, type Settings, settingsFromQuery } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';

type Control = HTMLInputElement | HTMLSelectElement;

const overlaySchema = v.picklist(OVERLAYS);

/** Ties the controls marked with data-setting and data-overlay to the store, both ways. */
export function bindControls(store: SettingsStore): void {
  const controls = [...document.querySelectorAll<Control>('[data-setting]')];
  const overlays = [...document.querySelectorAll<HTMLInputElement>('[data-overlay]')];
  for (const control of controls) {
    const when = control.type === 'range' ? 'input' : 'change';
    control.addEventListener(when, () => store.set(settingOf(control)));
  }
  for (const box of overlays) {
    box.addEventListener('change', () => store.set({ overlays: toggled(store.now.overlays, overlayOf(box)) }));
  }
  store.all$.subscribe((settings) => {
    for (const control of controls) reflect(control, settings);
    for (const box of overlays) box.checked = settings.overlays.includes(overlayOf(box));
  });
}

export function toggled(overlays: readonly Overlay[], overlay: Overlay): Overlay[] {
  return overlays.includes(overlay) ? overlays.filter((other) => other !== overlay) : [...overlays, overlay];
}

/** A control says its setting as an address would, so that one check serves both. */
function settingOf(control: Control): Partial<Settings> {
  const box = control instanceof HTMLInputElement && control.type === 'checkbox';
  const text = box ? String(control.checked) : control.value;
  return settingsFromQuery(new URLSearchParams({ [control.dataset.setting ?? '']: text }).toString()).settings;
}

function reflect(control: Control, settings: Settings): void {
  const name = control.dataset.setting as SettingName;
  const value = name === 'mirror' ? isMirrored(settings) : settings[name];
  if (control instanceof HTMLSelectElement) choose(control, String(value));
  else if (control.type === 'range') control.value = String(value);
  else if (control.type === 'radio') control.checked = control.value === value;
  else control.checked = value === true;
}

/** Chooses an option; what only an address can name, a bundle of one's own, becomes one. */
function choose(select: HTMLSelectElement, value: string): void {
  if (select.dataset.setting === 'bundle' && ![...select.options].some((option) => option.value === value)) {
    select.add(new Option(value, value));
  }
  select.value = value;
}

function overlayOf(box: HTMLElement): Overlay {
  return v.parse(overlaySchema, box.dataset.overlay);
}
