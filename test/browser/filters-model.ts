/** A filter that wears a model from a GLB of its own, for filters.test.ts. */
import { defineFilter, type FilterContext, TransformNode } from '../../src/render/filter-api';

/** Millimetres of the head for a metre of the file. */
const SIZE = 300;
/** The middle of the file's head, metres. */
const MIDDLE = 1.55;

/** A node in which the model's head is at the tip of the nose. */
function seatOf({ anchors, scene }: Pick<FilterContext, 'anchors' | 'scene'>): TransformNode {
  const seat = new TransformNode('seat', scene);
  seat.parent = anchors.noseTip;
  seat.scaling.setAll(SIZE);
  seat.position.y = -SIZE * MIDDLE;
  return seat;
}

/** The same from a .gltf file with separate data. */
export const wearsParts = defineFilter({
  name: 'wears-parts',
  title: 'Wears parts',
  assets: { model: 'parts/worn.gltf' },
  setup(context) {
    const { model } = context.assets;
    const seat = seatOf(context);
    model.addAllToScene();
    for (const node of model.rootNodes) node.parent = seat;
  },
  frame() {},
});

export const wearsModel = defineFilter({
  name: 'wears-a-model',
  title: 'Wears a model',
  assets: { model: 'worn.glb' },
  setup(context) {
    const seat = seatOf(context);
    for (const node of context.assets.model.instantiateModelsToScene().rootNodes) node.parent = seat;
  },
  frame() {},
});
