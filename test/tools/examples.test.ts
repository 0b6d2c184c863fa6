import { expect, test } from 'vitest';
import { exampleEnvironment } from '../../tools/package/examples.mjs';

test('PK9 an example is installed with its development packages, whatever NODE_ENV says', () => {
  const environment = exampleEnvironment({ NODE_ENV: 'production', HOME: '/home/x' });
  expect(environment).not.toHaveProperty('NODE_ENV');
  expect(environment).toMatchObject({ HOME: '/home/x', NEXT_TELEMETRY_DISABLED: '1' });
});
