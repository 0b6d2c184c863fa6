import type { PersonSettings } from './identity';
import type { MotionSettings } from './motion-filter';
import type { CameraRates } from './smooth-camera';
import type { ExpressionRates } from './smooth-expression';

/** What can be steadied by itself. Translation takes the distance in, eyes the lids and the gaze. */
export const SMOOTHING_GROUPS = [
  'translation',
  'rotation',
  'brows',
  'eyes',
  'mouth',
  'jaw',
  'light',
  'albedo',
] as const;
export type SmoothingGroup = (typeof SMOOTHING_GROUPS)[number];

/** Each group from 0, steady, to 1, quick. Plain data: it may be kept, sent to a worker and written into an address. */
export type SmoothingSettings = Readonly<Record<SmoothingGroup, number>>;

export const SMOOTHING_PRESETS = {
  steady: everyGroup(0.2),
  balanced: everyGroup(0.5),
  quick: everyGroup(0.8),
} as const satisfies Record<string, SmoothingSettings>;
export type SmoothingPreset = keyof typeof SMOOTHING_PRESETS;

function everyGroup(value: number): SmoothingSettings {
  return Object.fromEntries(SMOOTHING_GROUPS.map((group) => [group, value])) as Record<SmoothingGroup, number>;
}

/** How each part of a face is calmed: the filters' own numbers. */
export interface SmoothingRates extends CameraRates {
  readonly expression: ExpressionRates;
  readonly identity: PersonSettings;
  readonly albedo: PersonSettings;
  /** Hz. */
  readonly light: number;
  /** Hz. */
  readonly visibility: number;
}

/**
 * Noise of a 640 × 480 webcam's pictures as the network answers to them; what differs from that is learnt on the way.
 * Accelerations: a head nods with 8 rad/s² and turns with 40; a lid shuts in 40 ms.
 */
const BALANCED: SmoothingRates = {
  centre: { noise: 0.07, wander: 0.08, accelerations: [100, 600] },
  scale: { noise: 0.0013, wander: 0.0008, accelerations: [0.3, 2] },
  rotation: { noise: 0.0019, wander: 0.0014, accelerations: [0.5, 3] },
  expression: {
    eyes: { noise: 0.004, wander: 0.01, accelerations: [4, 150] },
    brows: { noise: 0.004, wander: 0.01, accelerations: [2, 20] },
    jaw: { noise: 0.003, wander: 0.01, accelerations: [4, 50] },
    mouth: { noise: 0.006, wander: 0.01, accelerations: [4, 50] },
  },
  identity: { sure: 1, follow: Number.POSITIVE_INFINITY },
  albedo: { sure: 2.5, follow: 60 },
  light: 0.6,
  visibility: 4,
};

/** From steady to quick the noise that is reckoned with falls to a sixteenth. */
const RANGE = 16;

/** The filters' numbers for settings; groups that are left out are balanced. */
export function smoothingRates(settings: Partial<SmoothingSettings> = {}): SmoothingRates {
  const factor = (group: SmoothingGroup) => RANGE ** (0.5 - Math.min(1, Math.max(0, settings[group] ?? 0.5)));
  const louder = (rates: MotionSettings, group: SmoothingGroup): MotionSettings => ({
    ...rates,
    noise: rates.noise * factor(group),
  });
  const { expression, albedo } = BALANCED;
  return {
    ...BALANCED,
    centre: louder(BALANCED.centre, 'translation'),
    scale: louder(BALANCED.scale, 'translation'),
    rotation: louder(BALANCED.rotation, 'rotation'),
    expression: {
      eyes: louder(expression.eyes, 'eyes'),
      brows: louder(expression.brows, 'brows'),
      jaw: louder(expression.jaw, 'jaw'),
      mouth: louder(expression.mouth, 'mouth'),
    },
    albedo: { sure: albedo.sure * factor('albedo'), follow: albedo.follow * factor('albedo') },
    light: BALANCED.light / factor('light'),
  };
}
