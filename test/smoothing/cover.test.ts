import { describe, expect, it } from 'vitest';
import { at } from '../../src/face/at';
import { expressionIndex } from '../../src/face/expression';
import { parseFaceModel } from '../../src/face/face-model';
import { createPointSet, landmarks68Points, landmarks478Points } from '../../src/face/point-set';
import { projectPoints } from '../../src/face/projection';
import { EXPRESSION_NAMES, type ExpressionName, type FaceData, REGIONS, type Region } from '../../src/face/types';
import { createCameraFit, FIT_POINTS } from '../../src/smoothing/fit-camera';
import { smoothingRates } from '../../src/smoothing/rates';
import { SMOOTHING_GROUPS, SMOOTHING_PRESETS } from '../../src/smoothing/settings';
import { createFaceSmoother } from '../../src/smoothing/smooth-face';
import { seededVector, tinyFaceModel } from '../face/tiny-face-model';
import { sampleFace, sampleLandmarks } from './sample-face';

const index = (name: ExpressionName) => EXPRESSION_NAMES.indexOf(name);

/** A face of some expressions with some regions hidden to a share. */
function face(values: Partial<Record<ExpressionName, number>>, seen: Partial<Record<Region, number>> = {}): FaceData {
  const expression = Float32Array.from(EXPRESSION_NAMES, (name) => values[name] ?? 0);
  const sample = sampleFace({ expression });
  return { ...sample, visibility: { ...sample.visibility, ...seen } };
}

/** Steps on at 30 frames a second; answers with an expression. */
function watch(name: ExpressionName) {
  const smoother = createFaceSmoother({ landmarks: sampleLandmarks });
  let frame = 0;
  return (values: Partial<Record<ExpressionName, number>>, seen = {}, frames = 1) => {
    let now = 0;
    for (let i = 0; i < frames; i++) {
      const { coefficients } = smoother.smoothFace(face(values, seen), frame++ / 30);
      now = at(coefficients.expression, expressionIndex(name));
    }
    return now;
  };
}

describe('a face under a cover', () => {
  it('S16 a hidden mouth is held, relaxes after half a second and follows again within three frames', () => {
    const step = watch('jawOpen');
    const hidden = { mouth: 0, jaw: 0 };
    step({ jawOpen: 0.05 }, {}, 60);
    const open = step({ jawOpen: 0.5 }, {}, 10);
    expect(step({ jawOpen: 0.9 }, hidden, 12)).toBeCloseTo(open, 1);
    expect(step({ jawOpen: 0.9 }, hidden, 40)).toBeLessThan(0.2);
    const back = [step({ jawOpen: 0.8 }), step({ jawOpen: 0.8 }), step({ jawOpen: 0.8 })];
    expect(back[0]).toBeLessThan(0.5);
    expect(back[2]).toBeGreaterThan(0.75);
  });

  it('S16 a mouth that jumps as the hand arrives is held at its last position, not extrapolated', () => {
    const step = watch('jawOpen');
    step({ jawOpen: 0.05 }, {}, 60);
    const seen = step({ jawOpen: 0.25 }, { mouth: 0.4, jaw: 0.4 });
    const hidden = { mouth: 0, jaw: 0 };
    for (let i = 0; i < 12; i++) expect(step({ jawOpen: 0.1 }, hidden)).toBeCloseTo(seen, 2);
  });

  it('S16 visible parts are still followed', () => {
    const step = watch('eyeBlinkLeft');
    step({}, { mouth: 0, jaw: 0 }, 30);
    expect(step({ eyeBlinkLeft: 0.9, eyeBlinkRight: 0.9 }, { mouth: 0, jaw: 0 })).toBeGreaterThan(0.8);
  });

  it('S19 clear glasses, which hide at most half of an eye, do not freeze it', () => {
    const step = watch('eyeBlinkLeft');
    const glasses = { eyeLeft: 0.45, eyeRight: 0.45 };
    step({}, glasses, 60);
    expect(step({ eyeBlinkLeft: 0.9 }, glasses, 2)).toBeGreaterThan(0.7);
  });

  it('S16 an uncovered face is not affected: visibilities of 0.9 and 1 give the same result', () => {
    const [whole, nearly] = [watch('mouthSmileLeft'), watch('mouthSmileLeft')];
    for (let i = 0; i < 40; i++) {
      const smile = { mouthSmileLeft: 0.5 + 0.5 * Math.sin(i / 3) };
      expect(nearly(smile, { mouth: 0.91, jaw: 0.93 })).toBe(whole(smile));
    }
  });

  it('S17 a pose that jumps as a hand arrives is not followed; without a hand it is', () => {
    const turn = (seen: number) => {
      const smoother = createFaceSmoother({ landmarks: sampleLandmarks });
      for (let i = 0; i < 30; i++) smoother.smoothFace(sampleFace(), i / 30);
      let out = sampleFace();
      for (let i = 30; i < 45; i++)
        out = smoother.smoothFace(sampleFace({ centre: [330, 240], visible: seen }), i / 30);
      return out.camera.centre[0] - 320;
    };
    expect(turn(1)).toBeGreaterThan(9.5);
    expect(turn(0.5)).toBeLessThan(4);
  });

  it('S17 a head that moves under a hand over a third of it is followed', () => {
    const smoother = createFaceSmoother({ landmarks: sampleLandmarks });
    const headAt = (i: number) => 320 + 0.6 * i;
    const push = 6;
    const step = (i: number) => {
      const hand = i >= 30;
      const centre = [headAt(i) + (hand ? push : 0), 240] as const;
      return smoother.smoothFace(sampleFace({ centre, visible: hand ? 0.6 : 1 }), i / 30).camera.centre[0] - headAt(i);
    };
    const off = Array.from({ length: 60 }, (_, i) => step(i));
    const usual = off[29] as number;
    const drift = (i: number) => Math.abs((off[i] as number) - usual);
    expect(drift(32)).toBeLessThan(push / 2);
    // Under the hand it moves on by 18 pixels; no more than a quarter of them is lost.
    expect(drift(59)).toBeLessThan(4.5);
    expect(Math.abs((off[59] as number) - (off[45] as number))).toBeLessThan(1);
  });
});

describe('a head of the person', () => {
  const model = parseFaceModel(tinyFaceModel());
  const points = createPointSet(model, [landmarks68Points(model), landmarks478Points(model)]);
  const draw = (identity: Float32Array, camera: FaceData['camera']) => {
    const all = points.evaluate(identity, new Float32Array(52), new Float32Array(3 * points.count));
    return projectPoints(camera, model.origin, all.subarray(3 * 68), new Float32Array(478 * 3), true);
  };
  const weights = new Float64Array(REGIONS.length).fill(1);
  /** All 478 points drawn by `camera`, of which the fit takes its own. */
  const fitOwn = (camera: FaceData['camera'], drawn: Float32Array, wanted: Float32Array, by: Float64Array) => {
    const own = Float32Array.from(FIT_POINTS.flatMap((p) => [...drawn.subarray(3 * p, 3 * p + 3)]));
    return createCameraFit()(camera, own, wanted, by);
  };

  it('S18 the fit corrects a wrong camera', () => {
    const { camera } = sampleFace({ turn: [0.1, 0.2, 0] });
    const off = { ...camera, ...sampleFace({ turn: [0.13, 0.17, 0.02], centre: [323, 238], scale: 1.23 }).camera };
    const own = seededVector(1, 80);
    const fitted = fitOwn(off, draw(own, off), draw(own, camera), weights);
    expect(fitted.scale).toBeCloseTo(camera.scale, 2);
    expect(Math.hypot(fitted.centre[0] - camera.centre[0], fitted.centre[1] - camera.centre[1])).toBeLessThan(0.3);
    fitted.rotation.forEach((value, i) => {
      expect(Math.abs(value - (camera.rotation[i] as number))).toBeLessThan(0.004);
    });
  });

  it('S18 keeps its distance while the network sees a larger head nearer', () => {
    // Identity that grows the head by 3 % and a scale that shrinks by as much: the same picture.
    const { camera } = sampleFace();
    const grown = draw(new Float32Array(80), camera);
    const shrunk = { ...camera, scale: camera.scale / 1.03 };
    const fitted = fitOwn(shrunk, draw(new Float32Array(80), shrunk), grown, weights);
    expect(fitted.scale / camera.scale).toBeCloseTo(1, 2);
  });

  it('S18 does not change the camera where nothing is visible', () => {
    const { camera } = sampleFace();
    const none = new Float64Array(REGIONS.length);
    const drawn = draw(seededVector(1, 80), camera);
    expect(fitOwn(camera, drawn, draw(seededVector(2, 80), camera), none)).toEqual({
      ...camera,
      rotation: camera.rotation.map((value) => expect.closeTo(value, 9)),
    });
  });
});

describe('settings', () => {
  it('S20 every group has its own setting; steady assumes more noise than quick', () => {
    for (const preset of Object.values(SMOOTHING_PRESETS)) expect(Object.keys(preset)).toEqual([...SMOOTHING_GROUPS]);
    const [steady, quick] = [smoothingRates(SMOOTHING_PRESETS.steady), smoothingRates(SMOOTHING_PRESETS.quick)];
    expect(steady.rotation.noise).toBeGreaterThan(4 * quick.rotation.noise);
    expect(steady.expression.eyes.noise).toBeGreaterThan(4 * quick.expression.eyes.noise);
    expect(steady.light).toBeLessThan(quick.light);
    const one = smoothingRates({ jaw: 1 });
    expect(one.expression.jaw.noise).toBeLessThan(one.expression.mouth.noise);
    expect(one.expression.mouth).toEqual(smoothingRates().expression.mouth);
  });

  it('S20 a steady face lags more than a quick one', () => {
    const shut = (eyes: number) => {
      const smoother = createFaceSmoother({ landmarks: sampleLandmarks, smoothing: { eyes } });
      for (let i = 0; i < 30; i++) smoother.smoothFace(face({}), i / 30);
      return smoother.smoothFace(face({ eyeBlinkLeft: 0.03 }), 1).coefficients.expression[
        index('eyeBlinkLeft')
      ] as number;
    };
    expect(shut(1)).toBeGreaterThan(0.02);
    expect(shut(0)).toBeLessThan(0.01);
  });
});
