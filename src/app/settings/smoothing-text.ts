import * as v from 'valibot';
import {
  SMOOTHING_GROUPS,
  SMOOTHING_PRESETS,
  type SmoothingGroup,
  type SmoothingPreset,
  type SmoothingSettings,
} from '../../smoothing/settings';
import type { SettingKind } from './setting-kinds';

export const PRESET_NAMES = Object.keys(SMOOTHING_PRESETS) as SmoothingPreset[];

const schema = v.custom<SmoothingSettings>((value) => {
  const numbers = v.safeParse(v.record(v.string(), v.pipe(v.number(), v.minValue(0), v.maxValue(1))), value);
  return numbers.success && SMOOTHING_GROUPS.every((group) => numbers.output[group] !== undefined);
});

/** The preset with these values, if any. */
export function presetOf(settings: SmoothingSettings): SmoothingPreset | undefined {
  return PRESET_NAMES.find((name) =>
    SMOOTHING_GROUPS.every((group) => Math.abs(SMOOTHING_PRESETS[name][group] - settings[group]) < 1e-6),
  );
}

/** A preset's name, or the groups that differ from the balanced preset, as in `eyes:0.8,rotation:0.2`. */
export function smoothingText(settings: SmoothingSettings): string {
  const preset = presetOf(settings);
  if (preset) return preset;
  const other = SMOOTHING_GROUPS.filter((group) => settings[group] !== SMOOTHING_PRESETS.balanced[group]);
  return other.map((group) => `${group}:${Number(settings[group].toFixed(2))}`).join(',');
}

/** The inverse of smoothingText. Text that is not valid is returned unchanged. */
function smoothingFromText(text: string): SmoothingSettings | string {
  const preset = PRESET_NAMES.find((name) => name === text);
  if (preset) return SMOOTHING_PRESETS[preset];
  const settings: Record<SmoothingGroup, number> = { ...SMOOTHING_PRESETS.balanced };
  for (const part of text.split(',')) {
    const [name, value = ''] = part.split(':');
    const group = SMOOTHING_GROUPS.find((known) => known === name);
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (!group || !(number >= 0 && number <= 1)) return text;
    settings[group] = number;
  }
  return settings;
}

export const smoothingKind: SettingKind<SmoothingSettings> = {
  schema,
  parse: smoothingFromText,
  format: smoothingText,
  accepts: `${PRESET_NAMES.join(', ')}, or a list such as eyes:0.8,rotation:0.2 of ${SMOOTHING_GROUPS.join(', ')}, each from 0 to 1`,
};
