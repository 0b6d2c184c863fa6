import { DEFAULT_SETTINGS } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';
import type { Session } from './session';
import type { TrackerKeeper } from './tracker-keeper';

export interface RetryDependencies {
  readonly store: SettingsStore;
  readonly tracker: Pick<TrackerKeeper, 'recover'>;
  readonly session: Pick<Session, 'restart'>;
}

/**
 * Restarts after the error with this code. A stored camera or resolution that no camera here satisfies is reset to the
 * default, because it may belong to another machine.
 */
export function retry(code: string, { store, tracker, session }: RetryDependencies): void {
  tracker.recover();
  const { camera, resolution } = store.now;
  const defaults = { camera: DEFAULT_SETTINGS.camera, resolution: DEFAULT_SETTINGS.resolution };
  const isCustom = camera !== defaults.camera || resolution !== defaults.resolution;
  // The session restarts a camera when its settings change.
  if (code === 'camera-constraint' && isCustom) store.set(defaults);
  else session.restart();
}
