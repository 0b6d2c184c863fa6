import { Camera } from '@babylonjs/core/Cameras/camera';
import { Color4 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Scene } from '@babylonjs/core/scene';
import type { Face, FaceMask } from '../../src/face/types';
import { type EngineChoice, openEngine } from '../../src/render/engine/engine';
import { isSettled, shaderFailure } from '../../src/render/engine/shader-material';
import { OccluderLayer } from '../../src/render/occluder/occluder-layer';
import { FrameTexture } from '../../src/render/picture/frame-texture';
import { createPlacement, depthRangeOf } from '../../src/render/view/placement';
import { fitFrame, type Size } from '../../src/render/view/view';

/** Renders the compositor's occluder mask, frame by frame. */
export interface MaskProbe {
  /** Per pixel of the picture × 255. Rejects with the reason where a shader does not compile. */
  draw(picture: ImageData, face: Face, mask: FaceMask): Promise<Uint8Array>;
  /** The picture drawn last, drawn once more. */
  drawAgain(): Uint8Array;
  /** Milliseconds that a picture takes, the drawing of `times` of them waited for at the end. */
  time(picture: ImageData, face: Face, mask: FaceMask, times: number): Promise<number>;
  dispose(): void;
}

/** The occluder in white on black, on a canvas of the picture's size. Throws EngineError. */
export async function openMaskProbe(
  choice: EngineChoice,
  { width, height }: Size,
  sharpen: boolean,
): Promise<MaskProbe> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const { engine } = await openEngine(canvas, choice);
  engine.setSize(width, height);
  const scene = new Scene(engine);
  scene.clearColor = new Color4(0, 0, 0, 1);
  scene.activeCamera = new Camera('none', Vector3.Zero(), scene);
  const frame = new FrameTexture(scene);
  const layer = new OccluderLayer(scene, frame, { sharpen, tint: [1, 1, 1, 1] });
  const size = { width, height };
  const placement = createPlacement(fitFrame(size, size, 'contain', false), size, depthRangeOf(engine));

  let last: Face | undefined;
  const render = (face: Face) => {
    engine.beginFrame();
    layer.showOccluder(face, placement, { occlusion: true, tinted: true });
    scene.render();
    engine.endFrame();
  };
  const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!copy) throw new Error('This browser has no 2D canvas');
  /** In the same task as `render`: a canvas is empty once it was presented. */
  const read = () => {
    copy.drawImage(canvas, 0, 0);
    return copy.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 0);
  };
  const isReady = () => layer.isReady() && scene.meshes.every(isSettled);
  const failure = () => layer.failure ?? scene.meshes.map(shaderFailure).find((text) => text !== null) ?? null;
  const shown = async (picture: ImageData, face: Face, mask: FaceMask) => {
    const image = await createImageBitmap(picture);
    frame.upload({ image, width: picture.width, height: picture.height });
    image.close();
    const masked = { ...face, mask };
    last = masked;
    render(masked);
    while (!isReady()) {
      await new Promise(requestAnimationFrame);
      render(masked);
    }
    const broken = failure();
    if (broken) throw new Error(`A shader of the compositor does not compile: ${broken}`);
    return masked;
  };
  return {
    async draw(picture, face, mask) {
      await shown(picture, face, mask);
      return Uint8Array.from(read());
    },
    drawAgain() {
      if (last) render(last);
      return Uint8Array.from(read());
    },
    async time(picture, face, mask, times) {
      await shown(picture, face, mask);
      read();
      const started = performance.now();
      // A new object each time, as the layer skips a face that it has drawn already.
      for (let i = 0; i < times; i++) render({ ...face, mask });
      read();
      return (performance.now() - started) / times;
    },
    dispose() {
      layer.dispose();
      frame.dispose();
      scene.dispose();
      engine.dispose();
    },
  };
}
