import { DEFAULT_SETTINGS, type SettingName, type Settings } from './settings';
import { smoothingText } from './smoothing-text';

/** What a link says of a page: how it looks and moves, not whose camera it is or what computes it. */
const SHARED = [
  'bundle',
  'faces',
  'smooth',
  'smoothing',
  'look',
  'occlusion',
  'overlays',
  'filter',
  'mirror',
  'fit',
  'place',
  'backdrop',
] as const satisfies readonly SettingName[];

/** An address that opens a page like this one; settings that are as usual are left out. */
export function linkTo(settings: Settings, base: string): string {
  const url = new URL(base);
  url.search = '';
  url.hash = '';
  for (const name of SHARED) {
    const text = textOf(name, settings);
    // A backdrop means a studio to a page that reads it.
    const idle = name === 'backdrop' && settings.place !== 'studio';
    if (!idle && text !== textOf(name, DEFAULT_SETTINGS)) url.searchParams.set(name, text);
  }
  // Commas and colons may stand in a query, and people read them.
  return url.href.replaceAll('%2C', ',').replaceAll('%3A', ':');
}

function textOf(name: (typeof SHARED)[number], settings: Settings): string {
  if (name === 'smoothing') return smoothingText(settings.smoothing);
  if (name === 'backdrop') return settings.backdrop.replace('#', '');
  const value = settings[name];
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Array.isArray(value) ? value.join(',') : String(value);
}
