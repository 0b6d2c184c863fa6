import { at } from '../../src/face/at';
import { lensOfFrame } from '../../src/face/projection';
import { conjugate, logarithm, multiply } from '../../src/face/rotation';
import { createVectorOneEuro, type OneEuroSettings } from '../../src/smoothing/one-euro';
import type { PlainRates, Run } from './filters';
import { rms } from './measures';
import type { Recording } from './recording';

type Values = readonly (readonly number[])[];

/** One signal of a run: a vector per time. */
interface Series {
  readonly times: readonly number[];
  readonly values: Values;
}

type Kind = 'centre' | 'scale' | 'rotation' | 'expression' | 'identity';

/** Input of the tuning on one clip: the recording, the unfiltered run and Peekaboo's run. */
export interface Tuning {
  readonly recording: Recording;
  readonly raw: Run;
  readonly own: Run;
}

const CUTOFFS = [0.1, 0.14, 0.2, 0.3, 0.42, 0.6, 0.85, 1.2, 1.7, 2.5, 4];
/** Candidate speed coefficients of One Euro, as the cutoff in Hz that noise alone adds. */
const BETAS = [0, 0.005, 0.01, 0.02, 0.035, 0.06, 0.1, 0.15, 0.22, 0.33, 0.5, 0.8, 1.2];
/** Vertical field of view, radians (docs/formats.md). */
const VERTICAL_FOV = (63 * Math.PI) / 180;
/** Frames at the start that are left out, as filters settle in them. */
const SETTLE = 30;
/** Where no One Euro filter reaches Peekaboo's jitter, the limit is this multiple of One Euro's minimum. */
const ROOM = 1.5;
/** Cutoff of the speed estimate, Hz: the default of the paper and of common packages. */
const SPEED_CUTOFF = 1;

/**
 * The plain One Euro filters with the smallest error in motion among those whose jitter at rest does not exceed
 * Peekaboo's.
 */
export function tunePlain(still: Tuning, moving: Tuning, talking: Tuning): PlainRates {
  const tuned = (kind: Kind, motion: Tuning) => {
    const calm = series(still, still.raw, kind);
    const truth = truthSeries(still, kind);
    const allowed = trembling(series(still, still.own, kind).values, truth);
    return tune(calm, truth, series(motion, motion.raw, kind), allowed);
  };
  return {
    centre: tuned('centre', moving),
    scale: tuned('scale', moving),
    rotation: tuned('rotation', moving),
    expression: tuned('expression', talking),
    identity: tuned('identity', moving),
  };
}

function tune(calm: Series, truth: Values, motion: Series, wanted: number): OneEuroSettings {
  const calmest = CUTOFFS.map((minCutoff) => {
    return trembling(filtered(calm, { minCutoff, beta: 0, speedCutoff: SPEED_CUTOFF }), truth);
  });
  // The limit is raised where One Euro cannot reach it.
  const allowed = Math.max(wanted, ROOM * Math.min(...calmest));
  const noise = trembling(calm.values, truth) || 1;
  let best: OneEuroSettings = { minCutoff: at(CUTOFFS, 0), beta: 0, speedCutoff: SPEED_CUTOFF };
  let least = Number.POSITIVE_INFINITY;
  for (const minCutoff of CUTOFFS) {
    for (const share of BETAS) {
      const settings = { minCutoff, beta: share / noise, speedCutoff: SPEED_CUTOFF };
      if (trembling(filtered(calm, settings), truth) > allowed) break;
      const off = behind(filtered(motion, settings), motion.values);
      if (off < least) {
        least = off;
        best = settings;
      }
    }
  }
  return best;
}

function filtered({ times, values }: Series, settings: OneEuroSettings): number[][] {
  const filter = createVectorOneEuro(at(values, 0).length, settings);
  return values.map((value, i) => Array.from(filter.step(value, at(times, i))));
}

/** Root mean square of the change of the error from frame to frame. */
function trembling(values: Values, truth: Values): number {
  const errors = values.map((value, i) => value.map((now, k) => now - at(at(truth, i), k)));
  return rms(
    errors.slice(SETTLE).flatMap((value, i, all) => {
      const before = all[i - 1];
      return before ? [Math.hypot(...value.map((now, k) => now - at(before, k)))] : [];
    }),
  );
}

function behind(values: Values, wanted: Values): number {
  return rms(values.map((value, i) => Math.hypot(...value.map((now, k) => now - at(at(wanted, i), k)))));
}

/** Rotations as rotation vectors from the first one: heads of these clips turn by less than a right angle. */
function series({ recording, raw }: Tuning, run: Run, kind: Kind): Series {
  const seen = run.frames.flatMap((faces, i) =>
    faces[0] ? [{ face: faces[0], time: recording.frames[i]?.time ?? i }] : [],
  );
  const first = raw.frames.find((faces) => faces.length > 0)?.[0];
  const unit = first?.camera.scale ?? 1;
  const start = first?.camera.rotation ?? [0, 0, 0, 1];
  const values = seen.map(({ face: { camera, coefficients } }): readonly number[] => {
    if (kind === 'centre') return [camera.centre[0] / unit, camera.centre[1] / unit];
    if (kind === 'scale') return [Math.log(camera.scale)];
    if (kind === 'rotation') return logarithm(multiply(conjugate(start), camera.rotation));
    return Array.from(coefficients[kind]);
  });
  return { times: seen.map(({ time }) => time), values };
}

/** The noise-free series: a constant for values that do not change over a clip. */
function truthSeries({ recording, raw }: Tuning, kind: Kind): Values {
  const { frames, width, height } = recording;
  const { focal } = lensOfFrame(width, height, VERTICAL_FOV);
  const unit = raw.frames.find((faces) => faces.length > 0)?.[0]?.camera.scale ?? 1;
  const start = frames[0]?.truth[0]?.pose.rotation ?? [0, 0, 0, 1];
  return frames.flatMap(({ truth }, i): (readonly number[])[] => {
    const own = truth[0];
    if (!own || !raw.frames[i]?.[0]) return [];
    const [x, y, z] = own.pose.translation;
    if (kind === 'centre') return [[(focal * x) / -z / unit, (focal * y) / z / unit]];
    if (kind === 'scale') return [[Math.log(focal / -z)]];
    if (kind === 'rotation') return [logarithm(multiply(conjugate(start), own.pose.rotation))];
    return [kind === 'expression' ? own.expression : []];
  });
}
