import { cropPanels, defineFilter } from '../render/filter-api';
import glsl from './lens.glsl?raw';
import wgsl from './lens.wgsl?raw';

/** The network's output: the fitted face, its difference from the picture, and the mask. */
export const lens = defineFilter({
  name: 'lens',
  title: 'Occlusion lens',
  layer: 'over',
  setup: (context) => cropPanels(context, { titles: ['Fit', 'Difference', 'In front'], glsl, wgsl }),
  frame: (panels, face) => panels.show(face),
});
