import { lensOfFrame } from '../../src/face/projection';
import { conjugate, logarithm, multiply } from '../../src/face/rotation';
import { createVectorOneEuro, type OneEuroSettings } from '../../src/smoothing/one-euro';
import type { PlainRates, Run } from './filters';
import { rms } from './measures';
import type { Recording } from './recording';

type Values = readonly (readonly number[])[];

/** One kind of number of a run: a vector at each time. */
interface Series {
  readonly times: readonly number[];
  readonly values: Values;
}

type Kind = 'centre' | 'scale' | 'rotation' | 'expression' | 'identity';

/** What the filters of one clip are tuned with: a recording, what came in, and what Peekaboo made of it. */
export interface Tuning {
  readonly recording: Recording;
  readonly raw: Run;
  readonly own: Run;
}

const CUTOFFS = [0.1, 0.14, 0.2, 0.3, 0.42, 0.6, 0.85, 1.2, 1.7, 2.5, 4];
/** Cutoff gained, in Hz, for what noise makes of speed: from deaf to speed to all speed. */
const BETAS = [0, 0.005, 0.01, 0.02, 0.035, 0.06, 0.1, 0.15, 0.22, 0.33, 0.5, 0.8, 1.2];
/** Radians from top to bottom, as docs/formats.md has it. */
const VERTICAL_FOV = (63 * Math.PI) / 180;
/** Frames in which filters settle. */
const SETTLE = 30;
/** Where Peekaboo is calmer than any One Euro, this many times the calmest is allowed. */
const ROOM = 1.5;
/** As the paper and the usual packages have it. */
const SPEED_CUTOFF = 1;

/**
 * The plain One Euro filters that tremble at rest no more than Peekaboo's and stay nearest to what they are told in motion:
 * the best that can be had of them at equal jitter.
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
  // What One Euro cannot reach it is not asked for.
  const allowed = Math.max(wanted, ROOM * Math.min(...calmest));
  const noise = trembling(calm.values, truth) || 1;
  let best: OneEuroSettings = { minCutoff: CUTOFFS[0] as number, beta: 0, speedCutoff: SPEED_CUTOFF };
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
  const filter = createVectorOneEuro(values[0]?.length ?? 0, settings);
  return values.map((value, i) => Array.from(filter.step(value, times[i] as number)));
}

/** Root mean square of the change of the error from frame to frame. */
function trembling(values: Values, truth: Values): number {
  const errors = values.map((value, i) => value.map((now, k) => now - (truth[i]?.[k] ?? 0)));
  return rms(
    errors.slice(SETTLE).flatMap((value, i, all) => {
      const before = all[i - 1];
      return before ? [Math.hypot(...value.map((now, k) => now - (before[k] as number)))] : [];
    }),
  );
}

function behind(values: Values, wanted: Values): number {
  return rms(values.map((value, i) => Math.hypot(...value.map((now, k) => now - (wanted[i]?.[k] as number)))));
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

/** What a series would be if nothing trembled; a person's own numbers do not change. */
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
