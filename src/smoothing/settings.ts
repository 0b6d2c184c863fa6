import { EXPRESSION_NAMES, type ExpressionName } from '../face/types';
import type { OneEuroSettings } from './one-euro';

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

/** How each part of a face is calmed. */
export interface SmoothingRates {
  /** The camera's centre, in millimetres at the size of the first look. */
  readonly centre: OneEuroSettings;
  /** The camera's log scale. */
  readonly scale: OneEuroSettings;
  /** Radians. */
  readonly rotation: OneEuroSettings;
  /** Hz: identity and albedo, the person's own, which do not change. */
  readonly person: number;
  /** Hz. */
  readonly light: number;
  /** Hz. */
  readonly visibility: number;
  /** By group of expressions, see `expressionGroup`. */
  readonly expression: Readonly<Record<ExpressionGroup, OneEuroSettings>>;
}

export type ExpressionGroup = 'eyelids' | 'gaze' | 'mouth' | 'rest';

/** On a webcam clip of a talking man (25 frames a second) these leave a quarter of the tremble and 20 to 60 ms of lag. */
export const DEFAULT_RATES: SmoothingRates = {
  centre: { minCutoff: 2, beta: 0.06, speedCutoff: 3 },
  scale: { minCutoff: 1, beta: 5, speedCutoff: 2 },
  rotation: { minCutoff: 2, beta: 5, speedCutoff: 3 },
  person: 0.15,
  light: 0.6,
  visibility: 4,
  expression: {
    eyelids: { minCutoff: 5, beta: 6, speedCutoff: 8 },
    gaze: { minCutoff: 3, beta: 3, speedCutoff: 4 },
    mouth: { minCutoff: 3, beta: 4, speedCutoff: 4 },
    rest: { minCutoff: 1.5, beta: 1, speedCutoff: 2 },
  },
};

/** Lids blink within a tenth of a second; brows and cheeks take their time. */
export function expressionGroup(name: ExpressionName): ExpressionGroup {
  if (/^eye(Blink|Squint|Wide)/.test(name)) return 'eyelids';
  if (/^eyeLook/.test(name)) return 'gaze';
  if (/^(jaw|mouth|tongue)/.test(name)) return 'mouth';
  return 'rest';
}

/** Places in the network's order of each group's expressions. */
export function groupIndices(group: ExpressionGroup): readonly number[] {
  return EXPRESSION_NAMES.flatMap((name, i) => (expressionGroup(name) === group ? [i] : []));
}
