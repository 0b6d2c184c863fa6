/**
 * node tools/look-avatar.mjs [FILE.glb] [--out FOLDER] [--sheet NAME]: pictures of an avatar to be looked at,
 * expressions × lights, turns, and close views.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { launchChromium } from './lib/chromium.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const both = (name, value = 1) => ({ [`${name}Left`]: value, [`${name}Right`]: value });

const EXPRESSIONS = {
  neutral: {},
  smile: { ...both('mouthSmile', 0.8), ...both('cheekSquint', 0.5), ...both('eyeSquint', 0.3) },
  laugh: { ...both('mouthSmile', 1), jawOpen: 0.55, ...both('eyeSquint', 0.6), ...both('cheekSquint', 0.8) },
  surprise: { jawOpen: 0.6, mouthFunnel: 0.3, browInnerUp: 0.9, ...both('browOuterUp', 0.9), ...both('eyeWide', 0.9) },
  blink: both('eyeBlink'),
  wink: { eyeBlinkLeft: 1, mouthSmileLeft: 0.7, cheekSquintLeft: 0.6, browOuterUpRight: 0.4 },
  pucker: { mouthPucker: 1 },
  puff: { cheekPuff: 1, ...both('browDown', 0.3) },
  tongue: { tongueOut: 1, jawOpen: 0.35, ...both('mouthSmile', 0.3) },
  angry: { ...both('browDown', 1), ...both('noseSneer', 0.6), ...both('mouthFrown', 0.6), ...both('eyeSquint', 0.5) },
  sad: { browInnerUp: 1, ...both('mouthFrown', 0.9), mouthShrugLower: 0.4, ...both('eyeLookDown', 0.5) },
  aside: { eyeLookOutLeft: 0.8, eyeLookInRight: 0.8, ...both('eyeLookUp', 0.2), mouthLeft: 0.5, browOuterUpLeft: 0.8 },
};
const MOUTHS = ['jawOpen', 'mouthFunnel', 'mouthClose', 'mouthRollLower', 'mouthRollUpper', 'mouthShrugUpper'];
const HALF_BLINKS = [0.25, 0.5, 0.75, 1];

/** Each sheet: rows of views; a view is { weights, light, yaw, pitch, close }. */
const SHEETS = {
  lights: ['studio', 'side', 'back', 'warm', 'dim'].map((light) =>
    Object.entries(EXPRESSIONS).map(([label, weights], n) => ({
      label,
      weights,
      light,
      close: 5,
      yaw: [0, -18, 14][n % 3],
    })),
  ),
  turns: [
    [0, 30, 60, 90, 180].map((yaw) => ({ yaw })),
    [0, -30, -60, 30, -150].map((yaw, n) => ({ yaw, pitch: [25, 20, 15, -25, 10][n], light: 'warm' })),
  ],
  close: [
    [0, -30, 30].map((yaw) => ({ yaw, close: 1 })),
    [0, -30, 30].map((yaw) => ({ yaw, close: 1, weights: EXPRESSIONS.laugh, light: 'warm' })),
  ],
  eyes: [
    HALF_BLINKS.map((v) => ({ label: `blink ${v}`, weights: both('eyeBlink', v), close: 2, yaw: -12 })),
    ['eyeLookUp', 'eyeLookDown', 'eyeWide', 'eyeSquint'].map((name) => ({
      label: name,
      weights: both(name),
      close: 2,
      yaw: -12,
    })),
  ],
  mouths: [
    MOUTHS.map((name) => ({ label: name, weights: { [name]: 1 }, close: 3, yaw: 15 })),
    ['mouthSmile', 'mouthFrown', 'mouthStretch', 'mouthUpperUp', 'mouthLowerDown', 'mouthPress'].map((name) => ({
      label: name,
      weights: both(name),
      close: 3,
      yaw: 15,
    })),
    [
      { jawOpen: 1 },
      { tongueOut: 1 },
      { jawOpen: 0.5, mouthClose: 0.5 },
      { mouthPucker: 1 },
      { cheekPuff: 1 },
      { jawOpen: 0.6, ...both('mouthSmile') },
    ].map((weights) => ({ label: Object.keys(weights).join('+').slice(0, 26), weights, close: 3 })),
  ],
  hair: [
    [
      { yaw: -35, pitch: 25, close: 4 },
      { yaw: 35, pitch: 30, close: 4, light: 'warm' },
      { yaw: -90, close: 4 },
      { yaw: 0, pitch: 60, close: 4 },
    ],
  ],
  portrait: [
    [
      { yaw: -14, weights: both('mouthSmile', 0.5) },
      { yaw: 18, weights: EXPRESSIONS.laugh, light: 'warm' },
    ],
  ],
};
const PIXELS = { lights: 220, turns: 330, close: 480, eyes: 400, mouths: 300, hair: 400, portrait: 760 };

const PAGE = `
import { Engine } from '@babylonjs/core/Engines/engine';
import { Scene } from '@babylonjs/core/scene';
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader';
import '@babylonjs/loaders/glTF/2.0';
import '@babylonjs/core/Materials/Textures/Loaders';

const LIGHTS = {
  studio: { sky: [1, 0.98, 0.95], ground: [0.55, 0.5, 0.5], fill: 0.75, keys: [[[0.6, -0.7, -0.9], [1, 0.96, 0.9], 2.0]], back: [0.86, 0.88, 0.9] },
  side: { sky: [0.5, 0.55, 0.7], ground: [0.2, 0.2, 0.25], fill: 0.5, keys: [[[-1, -0.2, -0.25], [1, 0.97, 0.92], 3.2]], back: [0.35, 0.37, 0.42] },
  back: { sky: [0.7, 0.8, 1], ground: [0.4, 0.4, 0.45], fill: 0.6, keys: [[[0.5, -0.5, 1], [1, 0.95, 0.9], 4], [[-0.8, -0.3, 0.8], [0.7, 0.8, 1], 3]], back: [0.62, 0.7, 0.8] },
  warm: { sky: [1, 0.75, 0.5], ground: [0.5, 0.3, 0.2], fill: 0.7, keys: [[[-0.7, -0.35, -0.8], [1, 0.72, 0.42], 2.6]], back: [0.3, 0.2, 0.16] },
  dim: { sky: [0.35, 0.45, 0.7], ground: [0.15, 0.12, 0.2], fill: 0.5, keys: [[[0.2, 0.8, -0.7], [0.5, 0.7, 1], 1.0]], back: [0.06, 0.07, 0.1] },
};
const CLOSE = [[0, -0.035, -0.03, 0.40], [0, -0.03, 0.0, 0.235], [0.012, 0.0, 0.0, 0.165], [0, -0.052, 0.0, 0.135], [0, 0.02, -0.03, 0.26], [0, -0.02, -0.03, 0.27]];

const canvas = document.createElement('canvas');
document.body.append(canvas);
const engine = new Engine(canvas, true, { preserveDrawingBuffer: true });
const scene = new Scene(engine);
scene.useRightHandedSystem = true;
const camera = new ArcRotateCamera('camera', Math.PI / 2, Math.PI / 2, 1, Vector3.Zero(), scene);
camera.fov = 0.35;
camera.minZ = 0.01;
const lights = [];
const container = await LoadAssetContainerAsync('/avatar.glb', scene, { pluginExtension: '.glb' });
container.addAllToScene();

function light(name) {
  for (const old of lights.splice(0)) old.dispose();
  const { sky, ground, fill, keys, back } = LIGHTS[name];
  const ambient = new HemisphericLight('sky', Vector3.Up(), scene);
  ambient.diffuse = Color3.FromArray(sky); ambient.groundColor = Color3.FromArray(ground); ambient.intensity = fill;
  ambient.specular = Color3.FromArray(sky).scale(0.2);
  lights.push(ambient);
  for (const [towards, colour, strength] of keys) {
    const key = new DirectionalLight('key', Vector3.FromArray(towards), scene);
    key.diffuse = Color3.FromArray(colour); key.specular = key.diffuse; key.intensity = strength;
    lights.push(key);
  }
  scene.clearColor = new Color4(...back, 1);
}

window.draw = async ({ weights = {}, light: name = 'studio', yaw = 0, pitch = 0, close = 0, label = '' }, pixels) => {
  canvas.width = canvas.height = pixels;
  engine.setSize(pixels, pixels);
  light(name);
  for (const mesh of container.meshes) {
    const shapes = mesh.morphTargetManager;
    for (let n = 0; shapes && n < shapes.numTargets; n += 1) shapes.getTarget(n).influence = weights[shapes.getTarget(n).name] ?? 0;
  }
  const [x, y, z, span] = CLOSE[close];
  camera.target = new Vector3(x, y, z);
  camera.radius = span / 2 / Math.tan(camera.fov / 2);
  camera.alpha = Math.PI / 2 - yaw * Math.PI / 180;
  camera.beta = Math.PI / 2 - pitch * Math.PI / 180;
  await scene.whenReadyAsync();
  scene.render();
  const sheet = document.createElement('canvas');
  sheet.width = sheet.height = pixels;
  const pen = sheet.getContext('2d');
  pen.drawImage(canvas, 0, 0);
  pen.fillStyle = '#888'; pen.font = '12px sans-serif'; pen.fillText(label, 6, 14);
  return sheet;
};
window.sheet = async (rows, pixels) => {
  const all = document.createElement('canvas');
  all.width = pixels * Math.max(...rows.map((row) => row.length)); all.height = pixels * rows.length;
  const pen = all.getContext('2d');
  for (const [r, row] of rows.entries()) for (const [c, view] of row.entries()) pen.drawImage(await window.draw(view, pixels), c * pixels, r * pixels);
  return all.toDataURL('image/png');
};
window.avatarReady = true;
`;

/** The page's script, bundled. */
async function bundle() {
  const folder = mkdtempSync(join(tmpdir(), 'look-avatar-'));
  try {
    // Inside the project, so that its packages are found.
    const entry = join(ROOT, 'node_modules', '.look-avatar.js');
    writeFileSync(entry, PAGE);
    const lib = { entry, formats: ['es'], fileName: () => 'page.js' };
    await build({
      configFile: false,
      root: ROOT,
      logLevel: 'error',
      publicDir: false,
      build: {
        lib,
        outDir: folder,
        target: 'es2023',
        minify: false,
        rollupOptions: { output: { codeSplitting: false } },
      },
    });
    rmSync(entry);
    return readFileSync(join(folder, 'page.js'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Serves page, script and avatar on a free port. */
async function serve(script, avatar) {
  const files = {
    '/': ['text/html', '<!doctype html><body style="margin:0"><script type="module" src="/page.js"></script>'],
    '/page.js': ['text/javascript', script],
    '/avatar.glb': ['model/gltf-binary', avatar],
  };
  const server = createServer((request, response) => {
    const [type, content] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(request.url in files ? 200 : 404, { 'content-type': type });
    response.end(content);
  });
  await new Promise((done) => server.listen(0, 'localhost', done));
  return server;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: 'out/avatar' }, sheet: { type: 'string', multiple: true } },
});
const file = positionals[0] ?? join(ROOT, 'public/avatars/character.glb');
const names = values.sheet ?? Object.keys(SHEETS);
const unknown = names.find((name) => !(name in SHEETS));
if (unknown) {
  console.error(`look-avatar: no sheet ${unknown}; there are ${Object.keys(SHEETS).join(', ')}`);
  process.exit(2);
}
const server = await serve(await bundle(), readFileSync(file));
const browser = await launchChromium({ gpu: false });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.waitForFunction(() => window.avatarReady === true, null, { timeout: 120_000 });
  mkdirSync(values.out, { recursive: true });
  for (const name of names) {
    const url = await page.evaluate(([rows, pixels]) => window.sheet(rows, pixels), [SHEETS[name], PIXELS[name]]);
    const path = join(values.out, `${name}.png`);
    writeFileSync(path, Buffer.from(url.split(',')[1], 'base64'));
    console.log(path);
  }
} finally {
  await browser.close();
  server.close();
}
