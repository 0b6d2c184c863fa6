/** For vite's dev server: packages that name a source map which they do not contain cause no error on the console. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const SCRIPT = /\/node_modules\/.+\.m?js$/;
const COMMENT = /\n\/\/# sourceMappingURL=(?!data:)(\S+)\s*$/;

/**
 * Removes the comment from such scripts before vite reads it.
 * @returns {import('vite').Plugin}
 */
export function withoutMissingSourceMaps() {
  return {
    name: 'peekaboo:missing-source-maps',
    apply: 'serve',
    enforce: 'pre',
    async load(id) {
      const file = id.replace(/[?#].*$/, '');
      if (!SCRIPT.test(file) || !existsSync(file)) return null;
      const code = await readFile(file, 'utf8');
      const map = COMMENT.exec(code)?.[1];
      if (!map || existsSync(join(dirname(file), map))) return null;
      return { code: code.replace(COMMENT, '\n'), map: null };
    },
  };
}
