/** For vite's dev server: a filter's file that is saved goes to the running page as an event, and reloads nothing. */
import { relative, sep } from 'node:path';

const FOLDER = 'src/filters/';
const FILTER = /^src\/filters\/(?!index\.ts$)[^/]+\.ts$/;

/**
 * The event `peekaboo:filter` tells the path of the filter, the type of the change (create, update, delete) and a time to
 * ask for the new version with. Files in the filters' folder that are none, as shaders, tell of the filters that import them.
 * @returns {import('vite').Plugin}
 */
export function filterUpdates() {
  let root = '';
  const pathOf = (file) => relative(root, file).split(sep).join('/');
  return {
    name: 'peekaboo:filter-updates',
    apply: 'serve',
    configResolved(config) {
      root = config.root;
    },
    hotUpdate: {
      // After vite's own, which would reload the page for a new file that matches a glob.
      order: 'post',
      handler({ file, type, timestamp, modules }) {
        const path = pathOf(file);
        if (!path.startsWith(FOLDER) || path === `${FOLDER}index.ts`) return undefined;
        const { name, hot, moduleGraph } = this.environment;
        // What imports the file is made anew when it is next asked for, the list of filters too.
        for (const module of modules) moduleGraph.invalidateModule(module, new Set(), timestamp, true);
        const filters = FILTER.test(path) ? [path] : filtersOf(modules, pathOf);
        if (filters.length === 0) return undefined;
        for (const filter of name === 'client' ? filters : []) {
          hot.send({ type: 'custom', event: 'peekaboo:filter', data: { path: filter, type, timestamp } });
        }
        return [];
      },
    },
  };
}

/** Paths of the filters that import one of the modules, directly or not. */
function filtersOf(modules, pathOf) {
  const seen = new Set(modules);
  for (const module of seen) for (const importer of module.importers) seen.add(importer);
  return [...seen].flatMap(({ file }) => (file && FILTER.test(pathOf(file)) ? [pathOf(file)] : []));
}
