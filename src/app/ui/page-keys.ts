import type { BehaviorSubject } from 'rxjs';
import { filterNames } from '../../filters/index';
import { type Backdrop, OVERLAYS } from '../../render/stage-options';
import type { Calibration } from '../readings/calibration';
import type { Player } from '../session/player';
import { nextFilter } from '../settings/choose-filter';
import { DEFAULT_SETTINGS, isMirrored, SETTINGS, type Settings } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';
import type { Recordings } from '../stage/recordings';
import type { Takes } from '../stage/takes';
import { toggled } from './controls';
import { showHelp, toggleFullscreen } from './dock';
import type { Shortcut } from './keys';

const OVERLAY_ACTIONS = { mask: 'Mask', crop: 'Crop square', points: 'Points', axes: 'Axes' } as const;

export interface PageKeysDependencies {
  readonly store: SettingsStore;
  readonly paused$: BehaviorSubject<boolean>;
  readonly player: Player;
  readonly calibration: Pick<Calibration, 'toggle'>;
  readonly takes: Pick<Takes, 'takePhoto' | 'toggleRecording'>;
  readonly recordings: Pick<Recordings, 'toggle' | 'mark'>;
}

/** The page's keyboard shortcuts, in the order of the help. */
export function pageKeys({
  store,
  paused$,
  player,
  calibration,
  takes,
  recordings,
}: PageKeysDependencies): readonly Shortcut[] {
  return [
    shortcut('Space', 'Pause or continue', () => paused$.next(!paused$.value)),
    ...playerKeys(player),
    ...settingKeys(store),
    shortcut('n', 'Set the resting face', () => calibration.toggle()),
    shortcut('p', 'Take a photo', () => void takes.takePhoto()),
    shortcut('r', 'Start or stop a recording', () => void takes.toggleRecording()),
    shortcut('d', 'Start or stop recording data', () => recordings.toggle()),
    shortcut('k', 'Set a marker in the data', () => recordings.mark()),
    shortcut('f', 'Full screen', toggleFullscreen),
    shortcut('h', 'Show only the picture', () => store.set({ clean: !store.now.clean })),
    ...OVERLAYS.map((overlay, i) =>
      shortcut(String(i + 1), OVERLAY_ACTIONS[overlay], () =>
        store.set({ overlays: toggled(store.now.overlays, overlay) }),
      ),
    ),
    shortcut('?', 'Help', showHelp),
  ];
}

/** Seconds. */
const JUMP = 5;

function playerKeys(player: Player): readonly Shortcut[] {
  const held = (key: string, label: string, action: string, run: () => void): Shortcut => ({
    key,
    label,
    action,
    run,
    repeats: true,
  });
  return [
    held(',', ',', 'Previous frame', () => void player.step(-1)),
    held('.', '.', 'Next frame', () => void player.step(1)),
    held('ArrowLeft', '←', `Back ${JUMP} s`, () => player.seekBy(-JUMP)),
    held('ArrowRight', '→', `Forward ${JUMP} s`, () => player.seekBy(JUMP)),
    shortcut('[', 'In point', () => player.togglePoint('in')),
    shortcut(']', 'Out point', () => player.togglePoint('out')),
    shortcut('l', 'Loop', () => player.toggleLoop()),
    shortcut('<', 'Slower', () => player.changeSpeed(-1)),
    shortcut('>', 'Faster', () => player.changeSpeed(1)),
  ];
}

function settingKeys(store: SettingsStore): readonly Shortcut[] {
  const change = (next: (now: Settings) => Partial<Settings>) => () => store.set(next(store.now));
  return [
    shortcut(
      'm',
      SETTINGS.mirror.label,
      change((now) => ({ mirror: !isMirrored(now) })),
    ),
    shortcut(
      'o',
      SETTINGS.occlusion.label,
      change((now) => ({ occlusion: !now.occlusion })),
    ),
    shortcut(
      'w',
      'Wireframe or face',
      change(({ look }) => ({ look: look === 'wireframe' ? 'face' : 'wireframe' })),
    ),
    shortcut(
      'a',
      'Avatar or face',
      change(({ look }) => ({ look: look === 'avatar' ? 'face' : 'avatar' })),
    ),
    shortcut(
      't',
      'Studio or video',
      change(({ place }) => ({ place: place === 'studio' ? 'over' : 'studio' })),
    ),
    shortcut('b', 'Next studio background', change(nextBackdrop)),
    shortcut(
      'g',
      'Next filter',
      change((now) => nextFilter(now, filterNames())),
    ),
  ];
}

function shortcut(key: string, action: string, run: () => void): Shortcut {
  const label = key.length === 1 ? key.toUpperCase() : key;
  return { key, label, action, run };
}

/** Blurred video, transparent, colour, in turn. Selects the studio, the only place with a background. */
function nextBackdrop({ backdrop }: Settings): Pick<Settings, 'backdrop' | 'place'> {
  const next: Partial<Record<Backdrop, Backdrop>> = { blur: 'transparent', transparent: DEFAULT_SETTINGS.backdrop };
  return { backdrop: next[backdrop] ?? 'blur', place: 'studio' };
}
