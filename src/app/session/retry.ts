import { DEFAULT_SETTINGS } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';
import type { Session } from './session';
import type { TrackerKeeper } from './tracker-keeper';

export interface RetryParts {
  readonly store: SettingsStore;
  readonly tracker: Pick<TrackerKeeper, 'recover'>;
  readonly session: Pick<Session, 'again'>;
}

/**
 * Starts anew after the error of this code. A camera that cannot do what was kept of it may be another machine's, or gone
 * for good: any camera is then asked for.
 */
export function retry(code: string, { store, tracker, session }: RetryParts): void {
  tracker.recover();
  const { camera, resolution } = store.now;
  const any = { camera: DEFAULT_SETTINGS.camera, resolution: DEFAULT_SETTINGS.resolution };
  const wished = camera !== any.camera || resolution !== any.resolution;
  // The session starts a camera anew by itself when its settings change.
  if (code === 'camera-constraint' && wished) store.set(any);
  else session.again();
}
