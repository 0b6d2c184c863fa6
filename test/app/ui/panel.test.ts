import { describe, expect, it } from 'vitest';
import { PlotSeries, quantityOf } from '../../../src/app/readings/plot-series';
import { linkTo } from '../../../src/app/settings/link';
import {
  DEFAULT_SETTINGS,
  type Settings,
  settingsFromKept,
  settingsFromQuery,
} from '../../../src/app/settings/settings';
import { presetOf, smoothingText } from '../../../src/app/settings/smoothing-text';
import { exponential } from '../../../src/face/rotation';
import { EXPRESSION_NAMES, type RawFace, type Vector3 } from '../../../src/face/types';
import { SMOOTHING_PRESETS } from '../../../src/smoothing/settings';

const BASE = 'http://localhost:5180/?source=cam&camera=secret#x';
const jaw = { ...SMOOTHING_PRESETS.balanced, jaw: 0.9, eyes: 0.35 };

describe('smoothing by address', () => {
  it('A1: reads a preset, and groups that differ from the balanced one', () => {
    expect(settingsFromQuery('?smoothing=steady').settings).toEqual({ smoothing: SMOOTHING_PRESETS.steady });
    expect(settingsFromQuery('?smoothing=jaw:0.9,eyes:0.35').settings).toEqual({ smoothing: jaw });
  });

  it.each(['jaw', 'jaw:', 'jaw:2', 'ears:0.5', 'slow', 'jaw:0.5;eyes:1'])('A1: names %s as wrong', (text) => {
    const { settings, warnings } = settingsFromQuery(`?smoothing=${text}`);
    expect(settings).toEqual({});
    expect(warnings[0]).toMatch(/steady, balanced, quick, or a list as in eyes:0.8/);
  });

  it('A2: what was kept is checked: a group that is missing or no number is ignored', () => {
    expect(settingsFromKept({ smoothing: jaw }).settings).toEqual({ smoothing: jaw });
    expect(settingsFromKept({ smoothing: { jaw: 0.9 } }).settings).toEqual({});
    expect(settingsFromKept({ smoothing: { ...jaw, eyes: '1' } }).settings).toEqual({});
  });

  it('A10: a preset is known by its numbers', () => {
    expect(presetOf({ ...SMOOTHING_PRESETS.quick })).toBe('quick');
    expect(presetOf(jaw)).toBeUndefined();
    expect(smoothingText(jaw)).toBe('eyes:0.35,jaw:0.9');
  });
});

describe('linkTo', () => {
  it('A10: usual settings need no words', () => {
    expect(linkTo(DEFAULT_SETTINGS, BASE)).toBe('http://localhost:5180/');
  });

  it('A10: a page opened by the link has the same settings, and no camera is told', () => {
    const settings: Settings = {
      ...DEFAULT_SETTINGS,
      source: 'cam',
      camera: 'secret',
      look: 'face',
      overlays: ['mask', 'axes'],
      smoothing: jaw,
      mirror: false,
      faces: 3,
      place: 'studio',
      backdrop: '#ff8800',
    };
    const link = linkTo(settings, BASE);
    expect(link).toContain('overlays=mask,axes');
    expect(link).toContain('smoothing=eyes:0.35,jaw:0.9');
    const read = settingsFromQuery(new URL(link).search);
    expect(read.warnings).toEqual([]);
    expect({ ...DEFAULT_SETTINGS, ...read.settings }).toEqual({ ...settings, source: 'sample', camera: '' });
  });
});

function turned(vector: Vector3): RawFace {
  return {
    id: 0,
    pose: { rotation: exponential(vector), translation: [1, 2, -300] },
    expressionValues: Float32Array.from(EXPRESSION_NAMES, (name) => (name === 'jawOpen' ? 0.375 : 0)),
  } as unknown as RawFace;
}

describe('PlotSeries', () => {
  it('A11: angles have the names and signs of a head: left, up, towards the right shoulder', () => {
    const angle = (vector: Vector3, name: 'yaw' | 'pitch' | 'roll') => quantityOf(turned(vector), name);
    expect(angle([0, 0.5, 0], 'yaw')).toBeCloseTo(28.65, 2);
    expect(angle([-0.5, 0, 0], 'pitch')).toBeCloseTo(28.65, 2);
    expect(angle([0, 0, 0.5], 'roll')).toBeCloseTo(28.65, 2);
    expect(angle([0, 0.5, 0], 'roll')).toBeCloseTo(0, 5);
    expect([quantityOf(turned([0, 0, 0]), 'tz'), quantityOf(turned([0, 0, 0]), 'jawOpen')]).toEqual([-300, 0.375]);
  });

  it('A11: keeps the last seconds, gaps as null, times counted back from the newest', () => {
    const series = new PlotSeries(2);
    for (const time of [0, 1, 2, 3, 4]) series.add(time, time === 3 ? undefined : time, 10 * time);
    expect(series.columns()).toEqual([
      [-2, -1, 0],
      [2, null, 4],
      [20, 30, 40],
    ]);
    series.add(1, 7, 8);
    expect(series.columns()).toEqual([[0], [7], [8]]);
  });
});
