import { get, set } from 'idb-keyval';
import { KEPT, type Settings, settingsFromKept } from './settings';

const KEY = 'peekaboo-settings';

/** Reads the settings stored in this browser; empty where it stores nothing, as in some private windows. */
export async function readStoredSettings(): Promise<Partial<Settings>> {
  const kept = await get<unknown>(KEY).catch(() => undefined);
  return settingsFromKept(kept).settings;
}

/** Stores the settings in this browser. Where the browser refuses, the next visit starts with the defaults. */
export async function saveSettings(settings: Settings): Promise<void> {
  const kept = Object.fromEntries(KEPT.map((name) => [name, settings[name]]));
  await set(KEY, kept).catch(() => undefined);
}
