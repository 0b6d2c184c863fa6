import type { Settings } from './settings';

type Chosen = Pick<Settings, 'filter' | 'look'>;

/** Switches a filter on or off, among those that are on. */
export function toggleFilter(now: Chosen, name: string): Chosen {
  const on = now.filter.includes(name);
  return withFilters(now, on ? now.filter.filter((other) => other !== name) : [...now.filter, name]);
}

/** The filter after the one that is on, alone; after the last one none. */
export function nextFilter(now: Chosen, names: readonly string[]): Chosen {
  const next = names[names.indexOf(now.filter.at(-1) ?? '') + 1];
  return withFilters(now, next === undefined ? [] : [next]);
}

/** Filters are put on the person's own face: the first one takes the net of lines away. */
export function withFilters({ filter: before, look }: Chosen, filter: readonly string[]): Chosen {
  const first = before.length === 0 && filter.length > 0;
  return { filter: [...filter], look: first && look === 'wireframe' ? 'none' : look };
}
