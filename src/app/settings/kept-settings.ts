import { get, set } from 'idb-keyval';
import { KEPT, type Settings, settingsFromKept } from './settings';

const KEY = 'peekaboo-settings';

/** What this browser kept; nothing where it keeps nothing (private windows). */
export async function readKept(): Promise<Partial<Settings>> {
  const kept = await get<unknown>(KEY).catch(() => undefined);
  return settingsFromKept(kept).settings;
}

/** Keeps the settings on this machine. A browser that refuses only forgets them. */
export async function keep(settings: Settings): Promise<void> {
  const kept = Object.fromEntries(KEPT.map((name) => [name, settings[name]]));
  await set(KEY, kept).catch(() => undefined);
}
