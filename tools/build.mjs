/** npm run build: builds the complete site into dist, for any static host, with compressed copies of the files. */
import { buildSite } from './lib/build.mjs';
import { fail } from './lib/input-error.mjs';

try {
  await buildSite();
  console.log('The site is in dist.');
} catch (error) {
  fail('build', error);
}
