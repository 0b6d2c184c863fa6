/** Runs in the page of face-light.test.ts: a sphere in the light of a face, seen from far away. */
import { Camera } from '@babylonjs/core/Cameras/camera';
import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera';
import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial';
import { Color3 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder';
import { Scene } from '@babylonjs/core/scene';
import { openEngine } from '../../src/render/engine/engine';
import { FaceLight } from '../../src/render/light/face-light';

export type Stuff = 'matt' | 'mirror' | 'standard';

export interface SphereView {
  readonly engine: 'webgl' | 'webgpu';
  readonly stuff: Stuff;
  /** 3 colours × 9, as the network gives it. */
  readonly light: readonly number[];
  readonly strength: number;
  /** Radians. */
  readonly cropAngle: number;
  /** Where to look: x right, y up, the sphere's radius is 1. */
  readonly points: readonly (readonly [number, number])[];
}

const SIZE = 256;
/** The view reaches a little beyond the sphere. */
const REACH = 1.1;

const door = {
  /** Red, green, blue, 0 to 255, at the points. */
  async look({ engine: kind, stuff, light, strength, cropAngle, points }: SphereView): Promise<number[][]> {
    const canvas = document.createElement('canvas');
    canvas.width = SIZE;
    canvas.height = SIZE;
    document.body.replaceChildren(canvas);
    const { engine } = await openEngine(canvas, kind);
    const scene = new Scene(engine);
    scene.useRightHandedSystem = true;
    const camera = new TargetCamera('far', new Vector3(0, 0, 50), scene);
    camera.setTarget(Vector3.Zero());
    camera.mode = Camera.ORTHOGRAPHIC_CAMERA;
    [camera.orthoLeft, camera.orthoRight, camera.orthoBottom, camera.orthoTop] = [-REACH, REACH, -REACH, REACH];
    const sphere = CreateSphere('sphere', { diameter: 2, segments: 64 }, scene);
    sphere.material = materials[stuff](scene);
    const faceLight = new FaceLight(scene);
    const coefficients = {
      identity: new Float32Array(80),
      expression: new Float32Array(52),
      albedo: new Float32Array(10),
      light: Float32Array.from(light),
    };
    faceLight.update({ coefficients, crop: { centreX: 0, centreY: 0, side: 1, angle: cropAngle } }, strength);
    await scene.whenReadyAsync();
    engine.beginFrame();
    scene.render();
    engine.endFrame();
    const seen = await pixels(canvas, points);
    faceLight.dispose();
    const left = scene.textures.filter((texture) => texture.name !== scene.environmentBRDFTexture?.name).length;
    scene.dispose();
    engine.dispose();
    if (scene.lights.length > 0 || left > 0) throw new Error('the light left something behind');
    return seen;
  },
};

const materials: Readonly<Record<Stuff, (scene: Scene) => PBRMaterial | StandardMaterial>> = {
  matt(scene) {
    const made = new PBRMaterial('matt', scene);
    Object.assign(made, { albedoColor: Color3.White().scale(0.5), metallic: 0, roughness: 1, metallicF0Factor: 0 });
    return made;
  },
  mirror(scene) {
    const made = new PBRMaterial('mirror', scene);
    Object.assign(made, { albedoColor: Color3.White().scale(0.3), metallic: 1, roughness: 0.15 });
    return made;
  },
  standard(scene) {
    const made = new StandardMaterial('standard', scene);
    made.diffuseColor = Color3.White().scale(0.5 ** (1 / 2.2));
    return made;
  },
};

export type LightDoor = typeof door;
declare global {
  interface Window {
    faceLightDouble?: LightDoor;
  }
}
window.faceLightDouble = door;

async function pixels(canvas: HTMLCanvasElement, points: SphereView['points']): Promise<number[][]> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!blob) throw new Error('no picture');
  const picture = await createImageBitmap(blob);
  const context = new OffscreenCanvas(SIZE, SIZE).getContext('2d');
  context?.drawImage(picture, 0, 0);
  return points.map(([x, y]) => {
    const column = Math.round(((x / REACH + 1) / 2) * SIZE - 0.5);
    const row = Math.round(((1 - y / REACH) / 2) * SIZE - 0.5);
    return [...(context?.getImageData(column, row, 1, 1).data ?? [])].slice(0, 3);
  });
}
