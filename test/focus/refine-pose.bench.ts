/** What the pose's refinement costs a face: npx vitest bench --run --project unit test/focus/refine-pose.bench.ts */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bench, describe } from 'vitest';
import { parseFaceModel } from '../../src/face/face-model';
import { createPointSet, landmarks68Points } from '../../src/face/point-set';
import { lensOfFrame, projectPoints } from '../../src/face/projection';
import { cropCamera, uncrop, VERTICAL_FOV } from '../../src/focus/camera';
import { refinePose } from '../../src/focus/refine-pose';
import { tinyManifest } from './tiny-bundle';

const [width, height] = [1280, 720];
const bytes = readFileSync(resolve(import.meta.dirname, '../../public/models/peekaboo/face-model.bin'));
const model = parseFaceModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
const points = new Float32Array(68 * 3);
createPointSet(model, [landmarks68Points(model)]).evaluate(new Float32Array(80), new Float32Array(52), points);

const crop = { centreX: 1100, centreY: 200, side: 300, angle: 0.1 };
const camera = cropCamera([0.05, 0, 0.2, 0, 0, -0.1, 0.02, 0.01, 0], crop, tinyManifest().pose);
const pixels = projectPoints(camera, model.origin, points, new Float32Array(68 * 2));
const start = uncrop(camera, width, height);
const lens = lensOfFrame(width, height, VERTICAL_FOV);

describe('68 points, three steps', () => {
  bench('refinePose', () => {
    refinePose(start, points, pixels, model.origin, lens);
  });
});
