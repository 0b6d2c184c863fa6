/** Writes the settings of web servers into the folder `hosting`. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HOSTING_FILES } from './lib/host-files.mjs';

for (const [name, text] of Object.entries(HOSTING_FILES)) {
  writeFileSync(join(resolve(import.meta.dirname, '..'), 'hosting', name), text);
}
