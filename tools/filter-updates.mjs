/** For vite's dev server: a filter's file that is saved goes to the running page as an event, and reloads nothing. */
import { relative, sep } from 'node:path';

const FILTER = /^src\/filters\/(?!index\.ts$)[^/]+\.ts$/;

/** @returns {import('vite').Plugin} */
export function filterUpdates() {
  let root = '';
  return {
    name: 'peekaboo:filter-updates',
    apply: 'serve',
    configResolved(config) {
      root = config.root;
    },
    hotUpdate: {
      // After vite's own, which would reload the page for a new file that matches a glob.
      order: 'post',
      handler({ file, type, timestamp }) {
        const path = relative(root, file).split(sep).join('/');
        if (!FILTER.test(path)) return undefined;
        const { name, hot } = this.environment;
        if (name === 'client') hot.send({ type: 'custom', event: 'peekaboo:filter', data: { path, type, timestamp } });
        return [];
      },
    },
  };
}
