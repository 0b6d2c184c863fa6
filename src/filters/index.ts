/** The filters of this folder by their files' names, each loaded when it is wanted. */
import type { Filter } from '../render/filter-api';

type Load = () => Promise<Record<string, unknown>>;

const loaders = new Map<string, Load>(
  Object.entries(import.meta.glob<Record<string, unknown>>(['./*.ts', '!./index.ts'])).map(([file, load]) => [
    nameOf(file),
    load,
  ]),
);

/** A filter cannot be had; the message says why. */
export class FilterLoadError extends Error {
  override readonly name = 'FilterLoadError';
}

/** The filters to choose from; the template can be loaded, but is there to be copied. */
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
 * Calls back with the name of a filter whose file was saved, made or deleted: `loadFilter` then gives the new version.
 * Only a dev server tells. The page goes on as it is.
 */
export function onFilterSaved(take: (name: string) => void): void {
  import.meta.hot?.on('peekaboo:filter', ({ path, type, timestamp }: SavedFilter) => {
    const name = nameOf(path);
    if (type === 'delete') loaders.delete(name);
    else loaders.set(name, () => import(/* @vite-ignore */ `${import.meta.env.BASE_URL}${path}?t=${timestamp}`));
    take(name);
  });
}

/** As tools/filter-updates.mjs sends it; the path is below the project's folder. */
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
