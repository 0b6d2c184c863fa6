/** Groups of values that are smoothed separately. Translation includes the distance; eyes are eyelids and gaze. */
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

/** Each group from 0 (steady) to 1 (quick). Plain data: it can be stored, sent to a worker and written into a URL. */
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
