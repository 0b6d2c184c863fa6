import type { BehaviorSubject } from 'rxjs';
import { filterNames } from '../filters/index';
import { OVERLAYS } from '../render/stage-options';
import { nextFilter } from './choose-filter';
import { isMirrored } from './settings';
import type { SettingsStore } from './settings-store';
import { toggled } from './ui/controls';
import { showHelp, toggleFullscreen } from './ui/dock';
import type { Key } from './ui/keys';

const OVERLAY_NAMES = { mask: 'Mask', crop: 'Crop square', points: 'Points', axes: 'Axes' } as const;

/** What each key does. */
export function pageKeys(store: SettingsStore, paused$: BehaviorSubject<boolean>): readonly Key[] {
  const now = () => store.now;
  return [
    { press: 'Space', label: 'Space', does: 'Pause', run: () => paused$.next(!paused$.value) },
    { press: 'm', label: 'M', does: 'Mirror', run: () => store.set({ mirror: !isMirrored(now()) }) },
    {
      press: 'o',
      label: 'O',
      does: 'What is in front stays in front',
      run: () => store.set({ occlusion: !now().occlusion }),
    },
    {
      press: 'w',
      label: 'W',
      does: 'Wireframe or face',
      run: () => store.set({ look: now().look === 'wireframe' ? 'face' : 'wireframe' }),
    },
    { press: 'g', label: 'G', does: 'Next filter', run: () => store.set(nextFilter(now(), filterNames())) },
    { press: 'f', label: 'F', does: 'Full screen', run: toggleFullscreen },
    { press: 'h', label: 'H', does: 'Hide everything but the picture', run: () => store.set({ clean: !now().clean }) },
    ...OVERLAYS.map((overlay, i) => ({
      press: String(i + 1),
      label: String(i + 1),
      does: OVERLAY_NAMES[overlay],
      run: () => store.set({ overlays: toggled(now().overlays, overlay) }),
    })),
    { press: '[Shift]+?', label: '?', does: 'This help', run: showHelp },
  ];
}
