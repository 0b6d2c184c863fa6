import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/app/settings/settings';
import { SettingsStore } from '../../../src/app/settings/settings-store';
import { FilterKeeper } from '../../../src/app/stage/filter-keeper';
import type { Filter } from '../../../src/render/filter/host';
import { settle } from '../../pipeline/fake-worker';

/** A keeper whose filters have numbered versions as titles. Filters named in `broken` do not load. */
function keep() {
  const store = new SettingsStore({ ...DEFAULT_SETTINGS, filter: ['hat'] });
  const broken = new Set<string>();
  const lines: string[] = [];
  const topics = new Map<string, string>();
  const shown: string[][] = [];
  const versions = new Map<string, number>();
  let save: (name: string) => void = () => {};
  const notices = {
    showProgress: () => {},
    warn: (text: string, topic?: string) => {
      notices.clearWarning(topic ?? '');
      lines.push(text);
      topics.set(topic ?? '', text);
      return () => {};
    },
    clearWarning: (topic: string) => {
      if (topics.has(topic)) lines.splice(lines.indexOf(topics.get(topic) ?? ''), 1);
      topics.delete(topic);
    },
  };
  const keeper = new FilterKeeper(
    { store, notices, state: { filters: () => {} } },
    {
      load: async (name) => {
        if (broken.has(name)) throw new Error(`${name} does not load`);
        versions.set(name, (versions.get(name) ?? 0) + 1);
        return { name, title: `${name} ${versions.get(name)}` } as Filter;
      },
      onSaved: (take) => {
        save = take;
      },
    },
  );
  keeper.connect({ setFilters: (filters) => shown.push(filters.map(({ title }) => title)) });
  return { keeper, store, broken, lines, shown, save: (name: string) => save(name) };
}

describe('FilterKeeper', () => {
  it('A16: the warning about a filter disappears when the filter is switched off', async () => {
    const { keeper, store, lines } = keep();
    await settle();
    keeper.onNotice({ filter: 'hat', title: 'Hat', phase: 'frame', message: 'no brim' });
    store.set({ filter: ['hat', 'glasses'] });
    expect(lines).toHaveLength(1);
    store.set({ filter: ['glasses'] });
    expect(lines).toEqual([]);
  });

  it('FL10 loads each filter of the settings once and keeps their order', async () => {
    const { store, shown } = keep();
    await settle();
    store.set({ filter: ['glasses', 'hat'] });
    await settle();
    expect(shown).toEqual([['hat 1'], ['glasses 1', 'hat 1']]);
  });

  it('FL8 a saved filter is reloaded at once if it is on, otherwise when it is next switched on', async () => {
    const { store, shown, save } = keep();
    await settle();
    save('hat');
    save('lens');
    await settle();
    expect(shown).toEqual([['hat 1'], ['hat 2']]);
    store.set({ filter: ['lens'] });
    await settle();
    expect(shown.at(-1)).toEqual(['lens 1']);
  });

  it('FL8 a version that does not load is reported, and the previous one stays', async () => {
    const { broken, lines, shown, save } = keep();
    await settle();
    broken.add('hat');
    save('hat');
    await settle();
    expect(shown.at(-1)).toEqual(['hat 1']);
    expect(lines).toEqual(['hat does not load']);
    broken.clear();
    save('hat');
    await settle();
    expect(shown.at(-1)).toEqual(['hat 2']);
    expect(lines).toEqual([]);
  });

  it('FL2 reports which filter stopped, where and why', () => {
    const { keeper, lines } = keep();
    const place = { file: 'src/filters/hat.ts', line: 12, column: 3 };
    keeper.onNotice({ filter: 'hat', title: 'Hat', phase: 'frame', message: 'x is not defined', place });
    expect(lines).toEqual(['Hat stopped in frame: x is not defined (src/filters/hat.ts:12)']);
  });
});
