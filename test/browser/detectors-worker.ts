import type { DetectorKind } from '../../src/pipeline/detect/detection';
import { type Detector, openDetector } from '../../src/pipeline/detect/detector';
import type { DetectRequest } from './detectors-messages';

declare const self: DedicatedWorkerGlobalScope;

const open = new Map<DetectorKind, Detector>();

/** Opens the requested detector and answers with the detections, and with the median time of a run in ms. */
self.addEventListener('message', async ({ data }: MessageEvent<DetectRequest>) => {
  try {
    self.postMessage(await detect(data));
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
});

async function detect({ kind, assets, range, picture, runs }: DetectRequest) {
  const began = performance.now();
  const present = open.get(kind);
  const options = { detector: kind, assets: { folder: assets, files: {} }, threads: 1 };
  const detector = present ?? (await openDetector(options));
  open.set(kind, detector);
  const openMs = performance.now() - began;
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no 2D context');
  context.drawImage(picture, 0, 0);
  picture.close();
  const pixels = { data: context.getImageData(0, 0, width, height).data, width, height };
  const times: number[] = [];
  let found = await detector.detect(pixels, range, 0);
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    found = await detector.detect(pixels, range, 0);
    times.push(performance.now() - start);
  }
  return { width, height, found, ms: times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0, openMs };
}
