import { clear, get, set } from 'idb-keyval';
import { settingsFromStorage, settingsToStore } from './read-settings';
import type { Settings } from './settings';

const KEY = 'peekaboo-settings';

/** Reads the settings stored in this browser; empty where it stores nothing, as in some private windows. */
export async function readStoredSettings(): Promise<Partial<Settings>> {
  return settingsFromStorage(await get<unknown>(KEY).catch(() => undefined));
}

/** Stores the settings in this browser. Where the browser refuses, the next visit starts with the defaults. */
export async function storeSettings(settings: Settings): Promise<void> {
  await set(KEY, settingsToStore(settings)).catch(() => undefined);
}

/** Deletes the settings and the resting face that the page has stored in this browser. Rejects where it cannot. */
export async function deleteStored(): Promise<void> {
  await clear();
}
