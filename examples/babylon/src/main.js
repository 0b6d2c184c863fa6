import { camera, createTracker } from 'peekaboo-face';
import { CreateSphere, createStage, defineFilter, paint, propMaterial } from 'peekaboo-face/babylon';

const clownNose = defineFilter({
  name: 'clown-nose',
  title: 'Clown nose',
  setup({ scene, anchors }) {
    const ball = CreateSphere('ball', { diameter: 38 }, scene);
    ball.material = propMaterial(scene, 'ball', { colour: [0.7, 0.02, 0.03], roughness: 0.3 });
    ball.parent = anchors.noseTip;
  },
  frame() {},
});

const stage = await createStage(document.querySelector('canvas'), { engine: 'webgl' });
const tracker = await createTracker();
stage.setModel(tracker.faceModel);
stage.setOptions({ look: 'none' });
stage.setFilters([paint, clownNose]);
for await (const result of tracker.track(camera())) {
  stage.showFrame(result);
  document.querySelector('output').textContent = `faces: ${result.faces.length}`;
}
