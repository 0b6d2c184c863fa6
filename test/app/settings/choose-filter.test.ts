import { describe, expect, it } from 'vitest';
import { nextFilter, toggleFilter } from '../../../src/app/settings/choose-filter';

const NAMES = ['glasses', 'hat', 'lens'];

describe('choosing filters', () => {
  it('FL10 the first filter switches the wireframe off, and no other view', () => {
    expect(toggleFilter({ filter: [], look: 'wireframe' }, 'hat')).toEqual({ filter: ['hat'], look: 'none' });
    expect(toggleFilter({ filter: ['hat'], look: 'wireframe' }, 'lens').look).toBe('wireframe');
    expect(toggleFilter({ filter: [], look: 'face' }, 'hat').look).toBe('face');
  });

  it('FL10 a second filter is appended, and can be removed', () => {
    const both = toggleFilter({ filter: ['hat'], look: 'none' }, 'glasses');
    expect(both.filter).toEqual(['hat', 'glasses']);
    expect(toggleFilter(both, 'hat').filter).toEqual(['glasses']);
  });

  it('FL10 the key selects each filter in turn, then none', () => {
    let now = { filter: [] as readonly string[], look: 'none' as const };
    const seen = [0, 1, 2, 3].map(() => {
      const next = nextFilter({ ...now, filter: [...now.filter] }, NAMES);
      now = { ...now, filter: next.filter };
      return next.filter.join();
    });
    expect(seen).toEqual(['glasses', 'hat', 'lens', '']);
  });
});
