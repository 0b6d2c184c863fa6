import { describe, expect, it } from 'vitest';
import { settingsFromQuery, settingsFromStorage, settingsToStore } from '../../../src/app/settings/read-settings';
import { DEFAULT_SETTINGS } from '../../../src/app/settings/settings';
import { SMOOTHING_PRESETS } from '../../../src/smoothing/settings';

describe('settings from the query string', () => {
  it('A1 reads every kind of setting', () => {
    const { settings, warnings } = settingsFromQuery(
      '?source=cam&bundle=trial&provider=wasm&engine=webgl&threads=2&faces=3&smooth=0&smoothing=quick&look=face' +
        '&occlusion=false&overlays=mask,axes&filter=hat,half-mask&mirror=1&fit=cover&camera=abc%3D&resolution=720p' +
        '&cameraInBackground=1&light=0.4&place=over&backdrop=2a3350&clean',
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
      smoothing: SMOOTHING_PRESETS.quick,
      look: 'face',
      occlusion: false,
      overlays: ['mask', 'axes'],
      filter: ['hat', 'half-mask'],
      mirror: true,
      fit: 'cover',
      camera: 'abc=',
      resolution: '720p',
      cameraInBackground: true,
      light: 0.4,
      place: 'over',
      backdrop: '#2a3350',
      clean: true,
    });
  });

  it.each([
    ['source=tape', '?source=tape was ignored: “Source” must be one of sample, cam, file.'],
    ['faces=9', '?faces=9 was ignored: “Faces to track” must be a whole number from 1 to 8.'],
    ['light=2', '?light=2 was ignored: “Estimated light” must be a number from 0 to 1.5.'],
    ['light=', '?light= was ignored: “Estimated light” must be a number from 0 to 1.5.'],
    ['faces=', '?faces= was ignored: “Faces to track” must be a whole number from 1 to 8.'],
    ['threads=1.5', '?threads=1.5 was ignored: “CPU threads” must be a whole number from 1 to 8.'],
    ['smooth=yes', '?smooth=yes was ignored: “Smooth over time” must be 1 or 0.'],
    ['mirror=yes', '?mirror=yes was ignored: “Mirror” must be 1, 0 or auto.'],
    [
      'overlays=mask,hat',
      '?overlays=mask,hat was ignored: “Overlays” must be a list of mask, crop, points, axes, separated by commas.',
    ],
    [
      'filter=../x',
      '?filter=../x was ignored: “Filters” must be a list of names of files in src/filters, separated by commas.',
    ],
    [
      'bundle=../secret',
      '?bundle=../secret was ignored: “Weights” must be the name of a folder in public/models: letters, digits, - and _.',
    ],
    [
      'backdrop=pink',
      '?backdrop=pink was ignored: “Background” must be transparent, blur, or a colour such as 2a3350.',
    ],
    [
      `camera=${'x'.repeat(513)}`,
      `?camera=${'x'.repeat(513)} was ignored: “Camera” must be the identifier of a camera.`,
    ],
    ['toString=1', '?toString=1 is not a known setting and was ignored.'],
    ['hat=1', '?hat=1 is not a known setting and was ignored.'],
  ])('A1 names what is wrong in %s and ignores it', (query, warning) => {
    expect(settingsFromQuery(query)).toEqual({ settings: {}, warnings: [warning] });
  });

  it('A1 reads the valid settings beside an invalid one', () => {
    const { settings, warnings } = settingsFromQuery('look=none&faces=x');
    expect(settings).toEqual({ look: 'none' });
    expect(warnings).toHaveLength(1);
  });

  it('A19 transparent=1 selects the studio without a background, unless one is given', () => {
    const read = (query: string) => settingsFromQuery(query).settings;
    expect(read('?clean=1&transparent=1')).toEqual({
      clean: true,
      transparent: true,
      backdrop: 'transparent',
      place: 'studio',
    });
    expect(read('?transparent=1&place=over')).toMatchObject({ place: 'over' });
    expect(read('?transparent=1&backdrop=blur')).toMatchObject({ backdrop: 'blur' });
    expect(read('?transparent=0')).toEqual({ transparent: false });
  });

  it('A12 a backdrop opens the studio unless place is given', () => {
    const read = (query: string) => settingsFromQuery(query).settings;
    expect(read('backdrop=00FF7f')).toEqual({ backdrop: '#00ff7f', place: 'studio' });
    expect(read('backdrop=blur&place=over')).toEqual({ backdrop: 'blur', place: 'over' });
    expect(read('place=over&backdrop=blur')).toEqual({ backdrop: 'blur', place: 'over' });
  });

  it('A12 accepts the former view=clean and background where their meaning is clear', () => {
    const read = (query: string) => settingsFromQuery(query).settings;
    expect(read('view=clean&background=transparent')).toEqual({
      clean: true,
      backdrop: 'transparent',
      place: 'studio',
    });
    expect(read('background=2A3350')).toEqual({ backdrop: '#2a3350', place: 'studio' });
    expect(read('background=1')).toEqual({ cameraInBackground: true });
    expect(read('background=false')).toEqual({ cameraInBackground: false });
    expect(settingsFromQuery('background=pink')).toEqual({
      settings: {},
      warnings: [
        '?background=pink was ignored. Use backdrop for the background of the studio, or cameraInBackground for the camera.',
      ],
    });
  });
});

describe('stored settings', () => {
  it('A2 takes the valid ones and leaves the others out silently', () => {
    expect(settingsFromStorage({ look: 'face', faces: 99, overlays: ['mask'], hat: 1 })).toEqual({
      look: 'face',
      overlays: ['mask'],
    });
    for (const broken of [undefined, null, 3, 'look', [1]]) expect(settingsFromStorage(broken)).toEqual({});
  });

  it('A2 contain neither the source nor the filters: a visit does not open the camera by itself', () => {
    expect(settingsFromStorage({ source: 'cam', filter: ['hat'] })).toEqual({});
    expect(Object.keys(settingsToStore({ ...DEFAULT_SETTINGS, source: 'cam' }))).toEqual([
      'faces',
      'smooth',
      'smoothing',
      'look',
      'occlusion',
      'overlays',
      'mirror',
      'camera',
      'resolution',
      'light',
      'place',
      'backdrop',
    ]);
  });

  it('A2 are read as they were stored', () => {
    const settings = { ...DEFAULT_SETTINGS, mirror: true, camera: 'mine', light: 0.3, backdrop: 'blur' } as const;
    expect(settingsFromStorage(settingsToStore(settings))).toEqual(settingsToStore(settings));
  });
});
