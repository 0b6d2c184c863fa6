import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const shaders = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.(glsl|wgsl)$/.test(file));

it('shader comments contain no semicolon: Babylon.js splits sources there, and the rest of the comment becomes code', () => {
  expect(shaders.length).toBeGreaterThan(40);
  const wrong = shaders.flatMap((file) => {
    const lines = readFileSync(join('src', file), 'utf8').split('\n');
    return lines.filter((line) => /\/\/.*;/.test(line)).map((line) => `${file}: ${line.trim()}`);
  });
  expect(wrong).toEqual([]);
});
