import { describe, expect, it } from 'vitest';
import { linkTo } from '../../../src/app/settings/link';
import { settingsFromQuery } from '../../../src/app/settings/read-settings';
import { DEFAULT_SETTINGS, SETTING_NAMES, SETTINGS, type Settings } from '../../../src/app/settings/settings';
import { SMOOTHING_PRESETS } from '../../../src/smoothing/settings';

const BASE = 'http://localhost:5180/?source=cam&camera=secret#x';
const jaw = { ...SMOOTHING_PRESETS.balanced, jaw: 0.9, eyes: 0.35 };

describe('linkTo', () => {
  it('A10: default settings are left out', () => {
    expect(linkTo(DEFAULT_SETTINGS, BASE)).toBe('http://localhost:5180/');
  });

  it('A10: a page opened by the link has the same settings, and the link does not contain the camera', () => {
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

  it('A10: contains every shared setting that differs from its default, and no other', () => {
    const settings: Settings = {
      source: 'cam',
      bundle: 'trial',
      provider: 'wasm',
      detector: 'onnx',
      engine: 'webgl',
      threads: 2,
      faces: 3,
      smooth: false,
      smoothing: SMOOTHING_PRESETS.quick,
      look: 'face',
      occlusion: false,
      overlays: ['mask'],
      filter: ['hat', 'glasses'],
      mirror: true,
      fit: 'cover',
      camera: 'secret',
      resolution: '720p',
      cameraInBackground: true,
      light: 0.5,
      place: 'studio',
      backdrop: 'blur',
      transparent: true,
      aspect: '9:16',
      t: 12.5,
      in: 1,
      out: 20,
      loop: false,
      speed: 0.5,
      clean: true,
    };
    const names = [...new URL(linkTo(settings, BASE)).searchParams.keys()];
    expect(names).toEqual(SETTING_NAMES.filter((name) => SETTINGS[name].shared));
    expect(names).toEqual([
      'bundle',
      'faces',
      'smooth',
      'smoothing',
      'look',
      'occlusion',
      'overlays',
      'filter',
      'mirror',
      'fit',
      'place',
      'backdrop',
      'transparent',
      'aspect',
    ]);
  });

  it('A10: leaves the background out where there is no studio, which it would open', () => {
    expect(linkTo({ ...DEFAULT_SETTINGS, backdrop: 'blur' }, BASE)).toBe('http://localhost:5180/');
  });
});
