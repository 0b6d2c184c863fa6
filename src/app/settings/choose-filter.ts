import type { Settings } from './settings';

type Chosen = Pick<Settings, 'filter' | 'look'>;

/** Switches one filter on or off and keeps the others. */
export function toggleFilter(now: Chosen, name: string): Chosen {
  const on = now.filter.includes(name);
  return withFilters(now, on ? now.filter.filter((other) => other !== name) : [...now.filter, name]);
}

/** Switches to the next filter alone, and after the last one to none. */
export function nextFilter(now: Chosen, names: readonly string[]): Chosen {
  const next = names[names.indexOf(now.filter.at(-1) ?? '') + 1];
  return withFilters(now, next === undefined ? [] : [next]);
}

/** The settings with these filters. The first filter switches the wireframe off, which would cover it. */
export function withFilters({ filter: before, look }: Chosen, filter: readonly string[]): Chosen {
  const first = before.length === 0 && filter.length > 0;
  return { filter: [...filter], look: first && look === 'wireframe' ? 'none' : look };
}
