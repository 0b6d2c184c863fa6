import { type CameraInfo, listCameras } from '../../capture/camera';
import type { SettingsStore } from '../settings/settings-store';
import { element, make } from './elements';

/** Fills the list of cameras. Browsers reveal their names only after one was allowed: call `refresh` then. */
export function cameraPicker(store: SettingsStore): { refresh(): Promise<void> } {
  const select = element('camera', HTMLSelectElement);
  const refresh = async () => {
    // Without permission the list stays empty. Starting a camera shows the reason.
    const cameras = await listCameras().catch(() => []);
    select.replaceChildren(option('', 'Any camera'), ...cameras.filter(({ deviceId }) => deviceId).map(cameraOption));
    select.value = store.now.camera;
    if (select.selectedIndex < 0) select.value = '';
  };
  navigator.mediaDevices?.addEventListener('devicechange', () => void refresh());
  return { refresh };
}

function cameraOption({ deviceId, label }: CameraInfo, index: number): HTMLOptionElement {
  return option(deviceId, label || `Camera ${index + 1}`);
}

function option(value: string, text: string): HTMLOptionElement {
  const made = make('option', '', text);
  made.value = value;
  return made;
}
