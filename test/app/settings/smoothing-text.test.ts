import { describe, expect, it } from 'vitest';
import { settingsFromQuery, settingsFromStorage } from '../../../src/app/settings/read-settings';
import { presetOf, smoothingText } from '../../../src/app/settings/smoothing-text';
import { SMOOTHING_PRESETS } from '../../../src/smoothing/settings';

const jaw = { ...SMOOTHING_PRESETS.balanced, jaw: 0.9, eyes: 0.35 };

describe('smoothing as text', () => {
  it('A1: reads a preset, and groups that differ from the balanced preset', () => {
    expect(settingsFromQuery('?smoothing=steady').settings).toEqual({ smoothing: SMOOTHING_PRESETS.steady });
    expect(settingsFromQuery('?smoothing=jaw:0.9,eyes:0.35').settings).toEqual({ smoothing: jaw });
  });

  it.each(['jaw', 'jaw:', 'jaw:2', 'ears:0.5', 'slow', 'jaw:0.5;eyes:1'])('A1: rejects %s with a warning', (text) => {
    const { settings, warnings } = settingsFromQuery(`?smoothing=${text}`);
    expect(settings).toEqual({});
    expect(warnings[0]).toMatch(/steady, balanced, quick, or a list such as eyes:0.8/);
  });

  it('A2: stored settings with a missing group or a value that is not a number are ignored', () => {
    expect(settingsFromStorage({ smoothing: jaw })).toEqual({ smoothing: jaw });
    expect(settingsFromStorage({ smoothing: { jaw: 0.9 } })).toEqual({});
    expect(settingsFromStorage({ smoothing: { ...jaw, eyes: '1' } })).toEqual({});
  });

  it('A10: a preset is recognised by its values', () => {
    expect(presetOf({ ...SMOOTHING_PRESETS.quick })).toBe('quick');
    expect(presetOf(jaw)).toBeUndefined();
    expect(smoothingText(jaw)).toBe('eyes:0.35,jaw:0.9');
  });
});
