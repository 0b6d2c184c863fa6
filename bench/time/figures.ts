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

/** A clip, what was made of it (null: the rival's points), and what came in. */
export interface Take {
  readonly recording: Recording;
  readonly run: Run | null;
  readonly raw: Run | null;
}

/** At rest, from frame to frame. */
export interface RestFigures {
  /** mm and degrees; null without a pose. */
  readonly place: number | null;
  readonly turn: number | null;
  /** % of the face's size, as published with WFLW-V. */
  readonly nmj: number;
}

export interface MotionFigures {
  /** Milliseconds behind the truth, the later of place and turn (speech: of the jaw); null without a pose. */
  readonly lag: number | null;
  /** Mean distance of the points from the truth, and from what the network saw in this very frame, % of the eyes. */
  readonly error: number;
  readonly off: number | null;
}

/** Frames in which filters settle. */
const SETTLE = 30;

/** Points of a take in every frame. */
export function takePoints({ recording, run }: Take): Points[] {
  return recording.frames.map((frame, i) => (run ? pointsOf(run.frames[i]?.[0]) : frame.rival));
}

const truthPoints = ({ recording }: Take): Points[] => recording.frames.map(({ truth }) => truth[0]?.points ?? null);

export function restFigures(take: Take): RestFigures {
  const own = take.run && pairs(take.recording, take.run.frames);
  return {
    place: own && jitter(own.map(placeError), SETTLE),
    turn: own && jitter(own.map(turnError), SETTLE),
    nmj: nmj(takePoints(take), truthPoints(take), SETTLE),
  };
}

/** What tells a clip's motion: a place in mm and a turn, or the jaw. */
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

export function motionFigures(take: Take, clip: keyof typeof SIGNALS): MotionFigures {
  const points = takePoints(take);
  const truth = truthPoints(take);
  const raw = take.raw?.frames.map((faces) => pointsOf(faces[0])) ?? [];
  const apart = (others: readonly Points[]) =>
    mean(
      points.flatMap((own, i) => {
        const [other, is] = [others[i], truth[i]];
        return i >= SETTLE / 2 && own && other && is ? [pointsApart(own, other, is)] : [];
      }),
    );
  return {
    lag: take.run && Math.max(...SIGNALS[clip].map((signal) => lagOf(take, signal))),
    error: apart(truth),
    off: take.run && apart(raw),
  };
}

function lagOf({ recording, run }: Take, signal: (face: Posed) => number): number {
  const seen = pairs(recording, run?.frames ?? []).flatMap(({ time, truth, face }) => {
    if (!face) return [];
    const own = { pose: face.pose, jaw: face.coefficients.expression[JAW] as number };
    return [{ time, own: signal(own), is: signal({ pose: truth.pose, jaw: truth.expression[JAW] as number }) }];
  });
  return lag(
    seen.map(({ time }) => time),
    seen.map(({ own }) => own),
    seen.map(({ is }) => is),
  );
}

/** A lid that rises by so much over its rest has blinked. */
const BLINK = 0.25;
/** Seconds after a blink's end in which it still counts. */
const LATE = 0.07;
const LIDS = [EXPRESSION_NAMES.indexOf('eyeBlinkLeft'), EXPRESSION_NAMES.indexOf('eyeBlinkRight')];

/** Share of the blinks that can be seen in the lids' numbers. */
export function blinkRecall({ recording, run }: Take): number {
  const lids = (run?.frames ?? []).map((faces) => {
    const expression = faces[0]?.coefficients.expression;
    return expression ? mean(LIDS.map((i) => expression[i] as number)) : 0;
  });
  const times = recording.frames.map(({ time }) => time);
  const end = times.at(-1) ?? 0;
  const all = blinkTimes(end + 0.04).filter(({ start, length }) => start + length + LATE < end);
  const seen = all.filter(({ start, length }) => {
    const within = (from: number, to: number) =>
      lids.filter((_, i) => (times[i] ?? 0) >= from && (times[i] ?? 0) <= to);
    const rest = mean(within(start - 0.25, start));
    return Math.max(...within(start, start + length + LATE)) - rest > BLINK;
  });
  return seen.length / Math.max(1, all.length);
}

/** People of the crossing who have another id at its end than at its beginning, or none. */
export function idsLost(recording: Recording | undefined): number {
  if (!recording) return 0;
  const named = (at: number) => {
    const { truth, faces } = recording.frames[at] ?? { truth: [], faces: [] };
    return truth.map(({ pose }) => {
      const away = (face: (typeof faces)[number]) =>
        Math.hypot(...[0, 1].map((axis) => (face.pose.translation[axis] ?? 0) - (pose.translation[axis] ?? 0)));
      return [...faces].sort((a, b) => away(a) - away(b))[0]?.id;
    });
  };
  const first = named(Math.round(recording.frames.length / 8));
  const last = named(recording.frames.length - 1);
  return first.filter((id, k) => id === undefined || last[k] !== id).length;
}

/**
 * Jitter without a truth: second differences, which leave steady motion out, scaled so that noise gives as much as in a
 * first difference; % of the face's size.
 */
export function sampleJitter(take: Take): number {
  const points = takePoints(take);
  const values: number[] = [];
  for (let i = 2; i < points.length; i++) {
    const [now, before, first] = [points[i], points[i - 1], points[i - 2]];
    if (!now || !before || !first) continue;
    const size = spanOf(now);
    for (let k = 0; k < 2 * 468; k += 2) {
      const second = (j: number) => (now[j] as number) - 2 * (before[j] as number) + (first[j] as number);
      values.push(Math.hypot(second(k), second(k + 1)) / Math.sqrt(3) / size);
    }
  }
  return 100 * rms(values);
}

function spanOf(points: ArrayLike<number>): number {
  // Top of the forehead to the chin.
  return Math.hypot((points[20] as number) - (points[304] as number), (points[21] as number) - (points[305] as number));
}
