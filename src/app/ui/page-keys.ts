import type { BehaviorSubject } from 'rxjs';
import { filterNames } from '../../filters/index';
import { type Backdrop, OVERLAYS } from '../../render/stage-options';
import type { Calibration } from '../readings/calibration';
import { nextFilter } from '../settings/choose-filter';
import { DEFAULT_SETTINGS, isMirrored, SETTINGS, type Settings } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';
import type { Takes } from '../stage/takes';
import { toggled } from './controls';
import { showHelp, toggleFullscreen } from './dock';
import type { Key } from './keys';

const OVERLAY_NAMES = { mask: 'Mask', crop: 'Crop square', points: 'Points', axes: 'Axes' } as const;

export interface PageKeysDependencies {
  readonly store: SettingsStore;
  readonly paused$: BehaviorSubject<boolean>;
  readonly calibration: Pick<Calibration, 'toggle'>;
  readonly takes: Pick<Takes, 'takePhoto' | 'toggleRecording'>;
}

/** The page's keyboard shortcuts. */
export function pageKeys({ store, paused$, calibration, takes }: PageKeysDependencies): readonly Key[] {
  const now = () => store.now;
  return [
    { press: 'Space', label: 'Space', does: 'Pause', run: () => paused$.next(!paused$.value) },
    { press: 'm', label: 'M', does: SETTINGS.mirror.label, run: () => store.set({ mirror: !isMirrored(now()) }) },
    {
      press: 'o',
      label: 'O',
      does: SETTINGS.occlusion.label,
      run: () => store.set({ occlusion: !now().occlusion }),
    },
    {
      press: 'w',
      label: 'W',
      does: 'Wireframe or you',
      run: () => store.set({ look: now().look === 'wireframe' ? 'face' : 'wireframe' }),
    },
    {
      press: 'a',
      label: 'A',
      does: 'Avatar or you',
      run: () => store.set({ look: now().look === 'avatar' ? 'face' : 'avatar' }),
    },
    {
      press: 't',
      label: 'T',
      does: 'Studio or video',
      run: () => store.set({ place: now().place === 'studio' ? 'over' : 'studio' }),
    },
    { press: 'b', label: 'B', does: 'Next background', run: () => store.set(nextBackdrop(now())) },
    { press: 'g', label: 'G', does: 'Next filter', run: () => store.set(nextFilter(now(), filterNames())) },
    { press: 'n', label: 'N', does: 'Set the resting face', run: () => calibration.toggle() },
    { press: 'p', label: 'P', does: 'Take a photo', run: () => void takes.takePhoto() },
    { press: 'r', label: 'R', does: 'Record, or stop and save', run: () => void takes.toggleRecording() },
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

/** Colour, blurred video, nothing; in a studio, as only there is a background. */
function nextBackdrop({ backdrop }: Settings): Pick<Settings, 'backdrop' | 'place'> {
  const next: Partial<Record<Backdrop, Backdrop>> = { blur: 'transparent', transparent: DEFAULT_SETTINGS.backdrop };
  return { backdrop: next[backdrop] ?? 'blur', place: 'studio' };
}
