/** npm run imports: checks imports, cycles and the size of folders against tools/import-rules.mjs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkProject } from './imports/judge.mjs';

const SOURCES = { src: '.ts', bench: '.ts', tools: '.mjs', 'training/peekaboo_training': '.py' };
const ALL = ['src', 'training'];

/** Paths of the files below a folder of the project, with forward slashes. */
function filesBelow(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** The sources that the rules apply to: path from the project's root to code. */
export function readSources(root) {
  const names = Object.entries(SOURCES).flatMap(([folder, ending]) =>
    filesBelow(root, folder).filter((name) => name.endsWith(ending)),
  );
  return new Map(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}

/** @returns {string[]} what is wrong in the project at `root` */
export function checkFolder(root) {
  return checkProject(
    readSources(root),
    ALL.flatMap((folder) => filesBelow(root, folder)),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = checkFolder(resolve(import.meta.dirname, '..'));
  for (const problem of problems) console.error(problem);
  console.log(`imports: ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
