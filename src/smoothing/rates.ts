import type { PersonSettings } from './identity';
import type { MotionSettings } from './motion-models';
import type { SmoothingGroup, SmoothingSettings } from './settings';
import type { CameraRates } from './smooth-camera';
import type { ExpressionRates } from './smooth-expression';

/** Parameters of all filters of a face. */
export interface SmoothingRates extends CameraRates {
  readonly expression: ExpressionRates;
  readonly identity: PersonSettings;
  readonly albedo: PersonSettings;
  /** Cutoff, Hz. */
  readonly light: number;
  /** Cutoff, Hz. */
  readonly visibility: number;
}

/**
 * Noise of the network's output on a 640 × 480 webcam; the filters learn deviations from it at run time. Accelerations:
 * a head nods with 8 rad/s² and turns with 40; an eyelid closes in 40 ms.
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

/** Ratio of the assumed noise at setting 0 (steady) to that at setting 1 (quick). */
const RANGE = 16;

/** The filters' parameters for settings; a group that is left out is balanced. */
export function smoothingRates(settings: Partial<SmoothingSettings> = {}): SmoothingRates {
  const factor = (group: SmoothingGroup) => RANGE ** (0.5 - Math.min(1, Math.max(0, settings[group] ?? 0.5)));
  const scaled = (rates: MotionSettings, group: SmoothingGroup): MotionSettings => ({
    ...rates,
    noise: rates.noise * factor(group),
  });
  const { expression, albedo } = BALANCED;
  return {
    ...BALANCED,
    centre: scaled(BALANCED.centre, 'translation'),
    scale: scaled(BALANCED.scale, 'translation'),
    rotation: scaled(BALANCED.rotation, 'rotation'),
    expression: {
      eyes: scaled(expression.eyes, 'eyes'),
      brows: scaled(expression.brows, 'brows'),
      jaw: scaled(expression.jaw, 'jaw'),
      mouth: scaled(expression.mouth, 'mouth'),
    },
    albedo: { sure: albedo.sure * factor('albedo'), follow: albedo.follow * factor('albedo') },
    light: BALANCED.light / factor('light'),
  };
}
