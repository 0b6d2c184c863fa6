import { at } from '../../src/face/at';
import { EXPRESSION_NAMES, type Face } from '../../src/face/types';
import { blinkTimes } from '../truth/scripts';
import type { Run } from './filters';
import {
  jitter,
  lag,
  mean,
  nmj,
  type Points,
  pairs,
  placeError,
  pointsApart,
  pointsOf,
  rms,
  turnError,
} from './measures';
import type { Recording } from './recording';

/** A recording, the filtered run over it (null: the rival's points) and the unfiltered run. */
export interface RecordingRun {
  readonly recording: Recording;
  readonly run: Run | null;
  readonly raw: Run | null;
}

/** Jitter at rest, from frame to frame. */
export interface RestFigures {
  /** mm and degrees; null without a pose. */
  readonly place: number | null;
  readonly turn: number | null;
  /** % of the face's size, as published with WFLW-V. */
  readonly nmj: number;
}

export interface MotionFigures {
  /** Lag behind the ground truth, milliseconds: the larger of translation and rotation (speech: the jaw); null without a pose. */
  readonly lag: number | null;
  /** Mean distance of the points from the truth, and from what the network saw in this very frame, % of the eyes. */
  readonly error: number;
  readonly off: number | null;
}

/** Frames at the start that are left out, as filters settle in them. */
const SETTLE = 30;

/** Points of a run in every frame. */
export function runPoints({ recording, run }: RecordingRun): Points[] {
  return recording.frames.map((frame, i) => (run ? pointsOf(run.frames[i]?.[0]) : frame.rival));
}

const truthPoints = ({ recording }: RecordingRun): Points[] =>
  recording.frames.map(({ truth }) => truth[0]?.points ?? null);

export function restFigures(measured: RecordingRun): RestFigures {
  const own = measured.run && pairs(measured.recording, measured.run.frames);
  return {
    place: own && jitter(own.map(placeError), SETTLE),
    turn: own && jitter(own.map(turnError), SETTLE),
    nmj: nmj(runPoints(measured), truthPoints(measured), SETTLE),
  };
}

/** Signals that follow a clip's motion: translation in mm and rotation, or the jaw. */
const SIGNALS = {
  nod: [(face: Posed) => 2 * face.pose.rotation[0], (face: Posed) => face.pose.translation[1]],
  turn: [(face: Posed) => 2 * face.pose.rotation[1], (face: Posed) => face.pose.translation[0]],
  speech: [(face: Posed) => face.jaw],
} as const;

interface Posed {
  readonly pose: Face['pose'];
  readonly jaw: number;
}

const JAW = EXPRESSION_NAMES.indexOf('jawOpen');

export function motionFigures(measured: RecordingRun, clip: keyof typeof SIGNALS): MotionFigures {
  const points = runPoints(measured);
  const truth = truthPoints(measured);
  const raw = measured.raw?.frames.map((faces) => pointsOf(faces[0])) ?? [];
  const apart = (others: readonly Points[]) =>
    mean(
      points.flatMap((own, i) => {
        const [other, is] = [others[i], truth[i]];
        return i >= SETTLE / 2 && own && other && is ? [pointsApart(own, other, is)] : [];
      }),
    );
  return {
    lag: measured.run && Math.max(...SIGNALS[clip].map((signal) => lagOf(measured, signal))),
    error: apart(truth),
    off: measured.run && apart(raw),
  };
}

function lagOf({ recording, run }: RecordingRun, signal: (face: Posed) => number): number {
  const seen = pairs(recording, run?.frames ?? []).flatMap(({ time, truth, face }) => {
    if (!face) return [];
    const own = { pose: face.pose, jaw: at(face.coefficients.expression, JAW) };
    return [{ time, own: signal(own), is: signal({ pose: truth.pose, jaw: at(truth.expression, JAW) }) }];
  });
  return lag(
    seen.map(({ time }) => time),
    seen.map(({ own }) => own),
    seen.map(({ is }) => is),
  );
}

/** Rise of the lid coefficient over its resting value that counts as a blink. */
const BLINK = 0.25;
/** Seconds after a blink's end in which it still counts. */
const LATE = 0.07;
const LIDS = [EXPRESSION_NAMES.indexOf('eyeBlinkLeft'), EXPRESSION_NAMES.indexOf('eyeBlinkRight')];

/** Recall of blinks in the lid coefficients, 0 to 1. */
export function blinkRecall({ recording, run }: RecordingRun): number {
  const lids = (run?.frames ?? []).map((faces) => {
    const expression = faces[0]?.coefficients.expression;
    return expression ? mean(LIDS.map((i) => at(expression, i))) : 0;
  });
  const times = recording.frames.map(({ time }) => time);
  const end = at(times, times.length - 1);
  const all = blinkTimes(end + 0.04).filter(({ start, length }) => start + length + LATE < end);
  const seen = all.filter(({ start, length }) => {
    const within = (from: number, to: number) => lids.filter((_, i) => at(times, i) >= from && at(times, i) <= to);
    const rest = mean(within(start - 0.25, start));
    return Math.max(...within(start, start + length + LATE)) - rest > BLINK;
  });
  return seen.length / Math.max(1, all.length);
}

/** Number of people in the crossing whose id changed or was lost. */
export function idsLost(recording: Recording | undefined): number {
  if (!recording) return 0;
  const named = (frame: number) => {
    const { truth, faces } = recording.frames[frame] ?? { truth: [], faces: [] };
    return truth.map(({ pose }) => {
      const away = (face: (typeof faces)[number]) =>
        Math.hypot(...[0, 1].map((axis) => at(face.pose.translation, axis) - at(pose.translation, axis)));
      return [...faces].sort((a, b) => away(a) - away(b))[0]?.id;
    });
  };
  const first = named(Math.round(recording.frames.length / 8));
  const last = named(recording.frames.length - 1);
  return first.filter((id, k) => id === undefined || last[k] !== id).length;
}

/**
 * Jitter without ground truth, % of the face's size: second differences, which cancel steady motion, scaled so that white
 * noise gives the same value as with first differences.
 */
export function sampleJitter(measured: RecordingRun): number {
  const points = runPoints(measured);
  const values: number[] = [];
  for (let i = 2; i < points.length; i++) {
    const [now, before, first] = [points[i], points[i - 1], points[i - 2]];
    if (!now || !before || !first) continue;
    const size = spanOf(now);
    for (let k = 0; k < 2 * 468; k += 2) {
      const second = (j: number) => at(now, j) - 2 * at(before, j) + at(first, j);
      values.push(Math.hypot(second(k), second(k + 1)) / Math.sqrt(3) / size);
    }
  }
  return 100 * rms(values);
}

function spanOf(points: ArrayLike<number>): number {
  // Top of the forehead to the chin.
  return Math.hypot(at(points, 20) - at(points, 304), at(points, 21) - at(points, 305));
}
