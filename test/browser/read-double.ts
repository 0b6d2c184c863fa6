import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOUBLES } from './build-doubles';

/** The built script of the test double NAME.ts; the tests' server serves the modules that it imports. */
export function readDouble(name: string): string {
  return readFileSync(join(DOUBLES, `${name}.js`), 'utf8');
}
