import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXAMPLES, exampleEnvironment, exampleNames } from '../../tools/package/examples.mjs';

test('PK9 every example is described, and its source files exist', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(exampleNames().sort());
  for (const [name, { sources }] of Object.entries(EXAMPLES))
    for (const source of sources) expect(existsSync(`examples/${name}/${source}`), `${name}/${source}`).toBe(true);
});

test('PK9 an example is installed with its development packages, whatever NODE_ENV says', () => {
  const environment = exampleEnvironment({ NODE_ENV: 'production', HOME: '/home/x' });
  expect(environment).not.toHaveProperty('NODE_ENV');
  expect(environment).toMatchObject({ HOME: '/home/x', NEXT_TELEMETRY_DISABLED: '1' });
});
