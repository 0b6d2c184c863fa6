import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  isMirrored,
  overlayRecord,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
} from '../../../src/app/settings/settings';

function defaultText<N extends SettingName>(name: N): string {
  return SETTINGS[name].format(SETTINGS[name].default);
}

describe('table of settings', () => {
  it.each(SETTING_NAMES)('A1 the default of %s is valid, and reading its text gives it back', (name) => {
    const { schema, parse, default: value } = SETTINGS[name];
    expect(v.is(schema, value)).toBe(true);
    expect(parse(defaultText(name))).toEqual(value);
  });

  it('A1 the controls and labels of index.html are those of the table', () => {
    const html = readFileSync('index.html', 'utf8');
    const controls = [...html.matchAll(/data-setting="(\w+)"/g)].map(([, name]) => name);
    expect(controls.length).toBeGreaterThan(5);
    expect(SETTING_NAMES).toEqual(expect.arrayContaining(controls));
    const labels = [...html.matchAll(/data-label="(\w+)">([^<]*)</g)].map(([, name, text]) => [name, text]);
    expect(labels.length).toBeGreaterThan(5);
    const expected = SETTING_NAMES.map((name) => [name, SETTINGS[name].label]);
    expect(expected).toEqual(expect.arrayContaining(labels));
  });
});

describe('mirror and overlays', () => {
  it('A3 auto mirrors cameras only', () => {
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'cam' })).toBe(true);
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'sample' })).toBe(false);
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'cam', mirror: false })).toBe(false);
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'sample', mirror: true })).toBe(true);
  });

  it('A3 a list of overlays becomes a record of flags', () => {
    expect(overlayRecord(['points'])).toEqual({ mask: false, crop: false, points: true, axes: false });
  });
});
