import { expect, test } from 'vitest';
import { readProjectFile } from './check-document';

interface Manifest {
  readonly figures: { readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>> };
}

const KEY_FIGURES = [
  ['landmark error (NME), clear faces, median', 'clear', 'nme_median', 2],
  ['landmark error (NME), covered faces, median', 'covered', 'nme_median', 2],
  ['occluder mask, IoU around covered heads', 'covered', 'iou', 1],
] as const;

test.each(KEY_FIGURES)("the README gives the manifest's figure: %s", (label, set, figure, digits) => {
  const { figures } = JSON.parse(readProjectFile('public/models/peekaboo/manifest.json')) as Manifest;
  const value = figures.scores[set]?.[figure];
  expect(value).toBeTypeOf('number');
  expect(readProjectFile('README.md')).toContain(`| ${label} | ${value?.toFixed(digits)} % |`);
});
