import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../src/recording/export/formats';
import { EXPORT_FILES, readFormats } from '../../tools/track/exports.mjs';

describe('track --export', () => {
  it('H13 knows the formats of the page, with the same endings', () => {
    const endings = Object.fromEntries(Object.entries(EXPORT_FORMATS).map(([name, { ending }]) => [name, ending]));
    const files = Object.fromEntries(
      Object.entries(EXPORT_FILES).map(([name, file]) => [name, file.replace('animation', '')]),
    );
    expect(files).toEqual(endings);
  });

  it('H13 reads a list in any order and refuses other names', () => {
    expect(readFormats('vrma, glb,glb')).toBe('glb,vrma');
    expect(() => readFormats('fbx')).toThrow('must be a list of llf, glb, vrma, bvh, csv, arkit.');
    expect(() => readFormats('')).toThrow('must be a list');
  });
});
