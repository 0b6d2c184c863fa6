/** The filters of this folder by file name, each loaded on demand. */
import type { Filter } from '../render/filter-api';

type Load = () => Promise<Record<string, unknown>>;

const loaders = new Map<string, Load>(
  Object.entries(import.meta.glob<Record<string, unknown>>(['./*.ts', '!./index.ts'])).map(([file, load]) => [
    nameOf(file),
    load,
  ]),
);

/** A filter cannot be loaded. The message gives the reason. */
export class FilterLoadError extends Error {
  override readonly name = 'FilterLoadError';
}

/** The filters that users can choose; the template can be loaded but is not listed. */
export function filterNames(): readonly string[] {
  return [...loaders.keys()].filter((name) => name !== 'template').sort();
}

/** Throws FilterLoadError. */
export async function loadFilter(name: string): Promise<Filter> {
  const load = loaders.get(name);
  if (!load) throw new FilterLoadError(`There is no filter “${name}”; there are ${filterNames().join(', ')}.`);
  let module: Record<string, unknown>;
  try {
    module = await load();
  } catch (error) {
    throw new FilterLoadError(
      `src/filters/${name}.ts does not load: ${error instanceof Error ? error.message : error}`,
    );
  }
  const filter = Object.values(module).find(isFilter);
  if (!filter) throw new FilterLoadError(`src/filters/${name}.ts exports no filter made by defineFilter.`);
  return filter;
}

/**
 * Calls back with the name of a filter whose file was saved, created or deleted; `loadFilter` then returns the new
 * version. Only the development server reports this. The page keeps running.
 */
export function onFilterSaved(take: (name: string) => void): void {
  import.meta.hot?.on('peekaboo:filter', ({ path, type, timestamp }: SavedFilter) => {
    const name = nameOf(path);
    if (type === 'delete') loaders.delete(name);
    else loaders.set(name, () => import(/* @vite-ignore */ `${import.meta.env.BASE_URL}${path}?t=${timestamp}`));
    take(name);
  });
}

/** Message of tools/filter-updates.mjs; the path is relative to the project. */
interface SavedFilter {
  readonly path: string;
  readonly type: 'create' | 'update' | 'delete';
  readonly timestamp: number;
}

function isFilter(value: unknown): value is Filter {
  return typeof value === 'object' && value !== null && 'defined' in value && 'setup' in value && 'frame' in value;
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.ts$/, '');
}
