import { describe, expect, it } from 'vitest';
import { withPlayer } from '../../../src/app/settings/player-address';
import { settingsFromQuery } from '../../../src/app/settings/read-settings';

const START = { source: 'sample', t: 0, in: 0, out: 0, loop: true, speed: 1 } as const;

describe('withPlayer', () => {
  it('VP6 the state of the player is in the address, and reading it gives the state', () => {
    const state = { ...START, t: 12.3456, in: 1, out: 20.5, loop: false, speed: 0.5 };
    const address = withPlayer('http://a/?look=face', state);
    expect(address).toBe('http://a/?look=face&t=12.346&in=1&out=20.5&loop=0&speed=0.5');
    const { settings, warnings } = settingsFromQuery(new URL(address).search);
    expect(settings).toEqual({ look: 'face', t: 12.346, in: 1, out: 20.5, loop: false, speed: 0.5 });
    expect(warnings).toEqual([]);
  });

  it('VP6 default values are left out, and another video removes the state', () => {
    expect(withPlayer('http://a/?t=3&loop=0', START)).toBe('http://a/');
    expect(withPlayer('http://a/?look=face&t=3&speed=2', null)).toBe('http://a/?look=face');
  });

  it('VP6 the position in a file names the file as source', () => {
    expect(withPlayer('http://a/', { ...START, source: 'file', t: 3 })).toBe('http://a/?t=3&source=file');
  });
});
