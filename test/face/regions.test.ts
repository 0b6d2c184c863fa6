import { expect, it } from 'vitest';
import { mapRegions } from '../../src/face/regions';
import { REGIONS } from '../../src/face/types';

it('mapRegions calls with every region and its index, in the order of REGIONS', () => {
  const calls: [string, number][] = [];
  const values = mapRegions((region, index) => {
    calls.push([region, index]);
    return index / 2;
  });
  expect(calls).toEqual(REGIONS.map((region, i) => [region, i]));
  expect(Object.entries(values)).toEqual(REGIONS.map((region, i) => [region, i / 2]));
});
