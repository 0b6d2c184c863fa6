/** npm run sbom [-- FILE]: a software bill of materials of all npm packages, as CycloneDX JSON (default: sbom.json). */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** The list from package-lock.json, made by npm itself, which names the project as its folder; throws where npm fails. */
export function listPackages() {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const npm = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' });
  if (npm.status !== 0) throw new Error(`npm sbom failed: ${npm.error?.message ?? npm.stderr.trim()}`);
  const list = JSON.parse(npm.stdout);
  const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  list.metadata.component.name = name;
  return `${JSON.stringify(list, null, 2)}\n`;
}

if (import.meta.filename === process.argv[1]) {
  const [path = 'sbom.json'] = process.argv.slice(2);
  try {
    const text = listPackages();
    writeFileSync(path, text);
    console.log(`${path}: ${JSON.parse(text).components.length} packages`);
  } catch (error) {
    console.error(`sbom: ${error.message}`);
    process.exitCode = 1;
  }
}
