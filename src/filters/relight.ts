import {
  CreatePlane,
  defineFilter,
  type Mesh,
  type Scene,
  StandardMaterial,
  skinFilm,
  type Texture,
  Vector3,
} from '../render/filter-api';
import glsl from './shaders/relight.glsl?raw';
import wgsl from './shaders/relight.wgsl?raw';

/** Warm white, linear. */
const WARM = [1, 0.82, 0.58] as const;
/** Millimetres from the head's middle towards the viewer. */
const BULB_DEPTH = 105;
/** Babylon's number for colours that are added to the picture's. */
const ADDED = 1;
const KEY_STEP = 12;
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, KEY_STEP],
  ArrowDown: [0, -KEY_STEP],
};

/**
 * A light bulb that lights the face in the video. It follows the pointer or the arrow keys; until then it circles. Each
 * pixel is multiplied by the light there would be against the light that was estimated, on the fitted normals.
 */
export const relight = defineFilter({
  name: 'relight',
  title: 'Light bulb',
  assets: { glow: 'filters/bulb.png' },
  setup(context) {
    const values = { bulb: [80, 60, BULB_DEPTH], power: 4.5, room: 0.62, warm: WARM } as const;
    const film = skinFilm(context, { glsl, wgsl, values });
    const sprite = bulbSprite(context);
    const keyed = { at: undefined as Vector3 | undefined, pointer: '' };
    const stop = new AbortController();
    const press = (event: KeyboardEvent) => {
      const step = event.target instanceof HTMLInputElement ? undefined : KEYS[event.key];
      if (!step) return;
      keyed.at = sprite.position.add(new Vector3(...step, 0));
      keyed.pointer = `${context.pointer.x} ${context.pointer.y}`;
    };
    addEventListener('keydown', press, { signal: stop.signal });
    return { film, sprite, keyed, stop };
  },
  frame({ film, sprite, keyed }, face, { pointer, pointerAt }) {
    if (keyed.pointer !== `${pointer.x} ${pointer.y}`) keyed.at = undefined;
    if (keyed.at) sprite.position.copyFrom(keyed.at);
    else if (pointer.seen) sprite.position.copyFrom(pointerAt(BULB_DEPTH));
    else sprite.position.set(100 * Math.cos(face.time), 40 + 70 * Math.sin(face.time), BULB_DEPTH);
    film.set('bulb', [sprite.position.x, sprite.position.y, sprite.position.z]);
    film.show(face);
  },
  dispose: ({ stop }) => stop.abort(),
});

function bulbSprite({ scene, assets }: { scene: Scene; assets: { glow: Texture } }): Mesh {
  const sprite = CreatePlane('bulb', { size: 110 }, scene);
  const material = new StandardMaterial('bulb', scene);
  material.emissiveTexture = assets.glow;
  material.disableLighting = true;
  material.alphaMode = ADDED;
  material.alpha = 0.999;
  material.backFaceCulling = false;
  sprite.material = material;
  return sprite;
}
