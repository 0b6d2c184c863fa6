/** node tools/make-filter-assets.mjs [NAME.png…]: draws the filters' textures into public/filters, in the face model's UVs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PNG } from 'pngjs';
import { beardGrowth, strandTile } from './filter-assets/beard.mjs';
import { bulb } from './filter-assets/bulb.mjs';
import { makeupColour, makeupLines } from './filter-assets/makeup.mjs';
import { venetian } from './filter-assets/mask.mjs';
import { tiger } from './filter-assets/tiger.mjs';

const ROOT = resolve(import.meta.dirname, '..');

/** UVs of MediaPipe's 478 points, v up. */
function meshUvs(path) {
  const file = readFileSync(path);
  const start = 12 + file.readUInt32LE(8);
  const { arrays } = JSON.parse(file.subarray(12, start).toString('utf8'));
  const array = (name, Type) => {
    const { offset, byteLength } = arrays.find((entry) => entry.name === name);
    return new Type(Uint8Array.from(file.subarray(start + offset, start + offset + byteLength)).buffer);
  };
  const uv = array('uv', Float32Array);
  const corners = array('mediapipeTriangles', Uint16Array);
  const weights = array('mediapipeBarycentric', Float32Array);
  return Array.from({ length: 478 }, (_, point) =>
    [0, 1].map((axis) =>
      [0, 1, 2].reduce((sum, k) => sum + weights[3 * point + k] * uv[2 * corners[3 * point + k] + axis], 0),
    ),
  );
}

/** Writes a picture whose pixels `colour(x, y)` gives, 0 to 1 each, with x and y in pixels from the upper left. */
function write(name, width, height, colour) {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = colour(x, y);
      for (let c = 0; c < 4; c++)
        png.data[4 * (y * width + x) + c] = Math.round(255 * Math.min(Math.max(pixel[c] ?? 1, 0), 1));
    }
  }
  const path = join(ROOT, 'public/filters', name);
  writeFileSync(path, PNG.sync.write(png, { deflateLevel: 9 }));
  console.log(path);
}

const uvs = meshUvs(join(ROOT, 'public/models/peekaboo/face-model.bin'));
const PICTURES = {
  'beard-growth.png': [512, 512, () => beardGrowth(512, uvs)],
  'strands.png': [256, 256, () => strandTile(256)],
  'bulb.png': [256, 256, () => bulb(256)],
  'mask-colour.png': [1024, 640, () => venetian(1024, 640)],
  'mask-surface.png': [1024, 640, () => venetian(1024, 640, true)],
  'tiger.png': [1024, 1024, () => tiger(1024)],
  'makeup-colour.png': [512, 1024, () => makeupColour(1024, uvs)],
  'makeup-lines.png': [512, 1024, () => makeupLines(1024, uvs)],
};
const wanted = process.argv.slice(2);
mkdirSync(join(ROOT, 'public/filters'), { recursive: true });
for (const [name, [width, height, picture]] of Object.entries(PICTURES)) {
  if (wanted.length === 0 || wanted.includes(name)) write(name, width, height, picture());
}
