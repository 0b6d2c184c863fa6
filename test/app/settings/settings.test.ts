import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  isMirrored,
  KEPT,
  overlayRecord,
  settingsFromKept,
  settingsFromQuery,
} from '../../../src/app/settings/settings';

describe('settings from the address', () => {
  it('A1 reads every kind of setting', () => {
    const { settings, warnings } = settingsFromQuery(
      '?source=cam&bundle=trial&provider=wasm&engine=webgl&threads=2&faces=3&smooth=0&look=face&occlusion=false' +
        '&overlays=mask,axes&mirror=1&fit=cover&camera=abc%3D&resolution=720p&background=1&light=0.4&clean',
    );
    expect(warnings).toEqual([]);
    expect(settings).toEqual({
      source: 'cam',
      bundle: 'trial',
      provider: 'wasm',
      engine: 'webgl',
      threads: 2,
      faces: 3,
      smooth: false,
      look: 'face',
      occlusion: false,
      overlays: ['mask', 'axes'],
      mirror: true,
      fit: 'cover',
      camera: 'abc=',
      resolution: '720p',
      background: true,
      light: 0.4,
      clean: true,
    });
  });

  it.each([
    ['source=tape', '?source=tape was ignored: source can be sample, cam, file.'],
    ['faces=5', '?faces=5 was ignored: faces can be a whole number from 1 to 4.'],
    ['light=2', '?light=2 was ignored: light can be a number from 0 to 1.5.'],
    ['light=', '?light= was ignored: light can be a number from 0 to 1.5.'],
    ['faces=', '?faces= was ignored: faces can be a whole number from 1 to 4.'],
    ['threads=1.5', '?threads=1.5 was ignored: threads can be a whole number from 1 to 8.'],
    ['smooth=yes', '?smooth=yes was ignored: smooth can be 1 or 0.'],
    [
      'overlays=mask,hat',
      '?overlays=mask,hat was ignored: overlays can be a list of mask, crop, points, axes, with commas between.',
    ],
    [
      'bundle=../secret',
      '?bundle=../secret was ignored: bundle can be the name of a folder under models: letters, digits, - and _.',
    ],
    ['toString=1', '?toString=1 is not a known setting and was ignored.'],
    ['hat=1', '?hat=1 is not a known setting and was ignored.'],
  ])('A1 names what is wrong in %s and ignores it', (query, warning) => {
    expect(settingsFromQuery(query)).toEqual({ settings: {}, warnings: [warning] });
  });

  it('A12 takes view=clean, and a background that is no flag as a studio’s', () => {
    const of = (query: string) => settingsFromQuery(query).settings;
    expect(of('view=clean&background=transparent')).toEqual({ clean: true, backdrop: 'transparent', place: 'studio' });
    expect(of('background=00FF7f')).toEqual({ backdrop: '#00ff7f', place: 'studio' });
    expect(of('background=blur&place=over')).toEqual({ backdrop: 'blur', place: 'over' });
    expect(of('background=1')).toEqual({ background: true });
    expect(settingsFromQuery('background=pink')).toEqual({
      settings: {},
      warnings: ['?background=pink was ignored: backdrop can be transparent, blur, or a colour as in 2a3350.'],
    });
  });

  it('A1 takes the good ones beside a wrong one', () => {
    const { settings, warnings } = settingsFromQuery('look=none&faces=x');
    expect(settings).toEqual({ look: 'none' });
    expect(warnings).toHaveLength(1);
  });
});

describe('kept settings', () => {
  it('A2 takes what is sound, without a word about the rest', () => {
    expect(settingsFromKept({ look: 'face', faces: 99, overlays: ['mask'], hat: 1 }).settings).toEqual({
      look: 'face',
      overlays: ['mask'],
    });
    for (const broken of [undefined, null, 3, 'look', [1]]) expect(settingsFromKept(broken).settings).toEqual({});
  });

  it('A2 never keeps the source: the camera is not opened unasked', () => {
    expect(KEPT).not.toContain('source');
    expect(settingsFromKept({ source: 'cam' }).settings).toEqual({});
  });
});

describe('mirror and overlays', () => {
  it('A3 mirrors the camera unless told otherwise', () => {
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'cam' })).toBe(true);
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'sample' })).toBe(false);
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'cam', mirror: false })).toBe(false);
    expect(isMirrored({ ...DEFAULT_SETTINGS, source: 'sample', mirror: true })).toBe(true);
  });

  it('A3 turns the list of overlays into switches', () => {
    expect(overlayRecord(['points'])).toEqual({ mask: false, crop: false, points: true, axes: false });
  });
});
