import type { Detection, DetectorKind } from '../../src/pipeline/detect/detection';
import type { Range } from '../../src/pipeline/search/detection-areas';
import type { DetectRequest } from './detectors-messages';

export interface Detected {
  /** Size of the picture. */
  readonly width: number;
  readonly height: number;
  readonly found: readonly Detection[];
  /** Median time of a run, ms. */
  readonly ms: number;
  /** Time to open the detector, ms; 0 where it was open. */
  readonly openMs: number;
}

let worker: Worker | undefined;

/** Runs a detector in a worker on a picture, given as a data URL. */
export async function detectWith(kind: DetectorKind, range: Range, url: string, runs = 1): Promise<Detected> {
  worker ??= new Worker(new URL('./detectors-worker.ts', import.meta.url), { type: 'module' });
  const image = new Image();
  image.src = url;
  await image.decode();
  const picture = await createImageBitmap(image);
  const assets = new URL('generated/', document.baseURI).href;
  const answer = new Promise<Detected & { error?: string }>((resolve) => {
    worker?.addEventListener('message', ({ data }) => resolve(data), { once: true });
  });
  const request: DetectRequest = { kind, assets, range, picture, runs };
  worker.postMessage(request, [picture]);
  const detected = await answer;
  if (detected.error) throw new Error(detected.error);
  return detected;
}

Object.assign(window, { detectWith });
