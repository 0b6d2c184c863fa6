import { describe, expect, it } from 'vitest';
import { AssetError } from '../../../src/assets/asset-error';
import type { Detection, FaceModel } from '../../../src/pipeline/detect/detection';
import { type DetectorParts, openDetector } from '../../../src/pipeline/detect/detector';
import { oncePerRange } from '../../../src/pipeline/detect/once-per-range';

const ASSETS = { folder: 'https://x.example/', files: {} };
const PICTURE = { data: new Uint8ClampedArray(800 * 400 * 4), width: 800, height: 400 };
const FACE: Detection = { x: 10, y: 20, width: 40, height: 50, rightEye: [20, 30], leftEye: [40, 30], score: 0.9 };

/** Parts whose models find FACE, and a record of which were used. */
function parts(changes: Partial<DetectorParts> = {}) {
  const used: string[] = [];
  const model =
    (name: string): (() => FaceModel) =>
    () => {
      used.push(name);
      return async () => [FACE];
    };
  return { used, parts: { hasWebGl: () => true, mediapipe: model('mediapipe'), onnx: model('onnx'), ...changes } };
}

const failing = (reason: unknown, from = 0) => {
  let runs = 0;
  return (): FaceModel => async () => {
    runs += 1;
    if (runs > from) throw reason;
    return [FACE];
  };
};

describe('choice of the detector', () => {
  it.each([
    ['auto', true, 'mediapipe'],
    ['auto', false, 'onnx'],
    ['mediapipe', false, 'mediapipe'],
    ['onnx', true, 'onnx'],
  ] as const)(
    'EN6 %s, WebGL in the worker: %s: %s, and nothing of the other is opened',
    async (detector, webGl, kind) => {
      const { used, parts: doubles } = parts({ hasWebGl: () => webGl });
      const opened = await openDetector({ detector, assets: ASSETS, threads: 1 }, doubles);
      expect(opened.kind).toBe(kind);
      expect(used).toEqual([kind]);
    },
  );

  it('EN6 auto uses onnxruntime-web when MediaPipe fails, at the start or later', async () => {
    for (const runs of [0, 1]) {
      const { used, parts: doubles } = parts({ mediapipe: failing(new Error('no context'), runs) });
      const opened = await openDetector({ detector: 'auto', assets: ASSETS, threads: 1 }, doubles);
      expect(await opened.detect(PICTURE, 'short', 0)).toHaveLength(1);
      expect([opened.kind, used]).toEqual(['onnx', ['onnx']]);
    }
  });

  it('EN6 a file that is missing is reported, and so is a failure of a detector that was requested by name', async () => {
    const missing = new AssetError('asset-unreachable', 'https://x.example/a: HTTP 404');
    const { parts: first } = parts({ mediapipe: failing(missing) });
    await expect(openDetector({ detector: 'auto', assets: ASSETS, threads: 1 }, first)).rejects.toBe(missing);
    const broken = new Error('no context');
    const { parts: second } = parts({ mediapipe: failing(broken) });
    await expect(openDetector({ detector: 'mediapipe', assets: ASSETS, threads: 1 }, second)).rejects.toBe(broken);
  });

  it('P14 detections of the reduced and turned picture are returned in pixels of the original', async () => {
    const detector = await openDetector({ detector: 'onnx', assets: ASSETS, threads: 1 }, parts().parts);
    const [upright] = await detector.detect(PICTURE, 'short', 0);
    expect(upright).toMatchObject({ x: 19.5, y: 39.5, width: 80, height: 100, rightEye: [39.5, 59.5] });
    const [turned] = await detector.detect(PICTURE, 'short', 2);
    expect(turned).toMatchObject({ x: 699.5, y: 259.5, width: 80, height: 100, rightEye: [759.5, 339.5] });
    const [quarter] = await detector.detect(PICTURE, 'short', 1);
    expect([quarter?.width, quarter?.height]).toEqual([100, 80]);
  });

  it('EN6 a model is opened once, and again after it could not be loaded', async () => {
    let opened = 0;
    const modelOf = oncePerRange(async () => {
      opened += 1;
      if (opened === 1) throw new Error('offline');
      return opened;
    });
    await expect(modelOf('full')).rejects.toThrow('offline');
    expect(await modelOf('full')).toBe(2);
    expect(await modelOf('full')).toBe(2);
    expect(await modelOf('short')).toBe(3);
  });
});
