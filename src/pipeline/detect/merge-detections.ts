import { at } from '../../face/at';
import type { Detection } from './detection';

/** Boxes with a larger intersection over union belong to one face. */
const OVERLAP = 0.3;

/**
 * One detection per face, highest score first: the mean of the boxes that overlap the best one, weighted by their scores,
 * with the best score. As in MediaPipe's NonMaxSuppressionCalculator, algorithm WEIGHTED.
 */
export function mergeDetections(found: readonly Detection[]): Detection[] {
  const merged: Detection[] = [];
  let rest = [...found].sort((a, b) => b.score - a.score);
  while (rest.length > 0) {
    const best = at(rest, 0);
    const same = rest.filter((other) => other === best || overlap(best, other) > OVERLAP);
    merged.push(weightedMean(same, best.score));
    rest = rest.filter((other) => !same.includes(other));
  }
  return merged;
}

/** Intersection over union. */
function overlap(a: Detection, b: Detection): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const common = Math.max(0, width) * Math.max(0, height);
  const union = a.width * a.height + b.width * b.height - common;
  return union > 0 ? common / union : 0;
}

function weightedMean(found: readonly Detection[], score: number): Detection {
  const total = found.reduce((sum, each) => sum + each.score, 0);
  const mean = (of: (each: Detection) => number) => found.reduce((sum, each) => sum + each.score * of(each), 0) / total;
  return {
    x: mean(({ x }) => x),
    y: mean(({ y }) => y),
    width: mean(({ width }) => width),
    height: mean(({ height }) => height),
    rightEye: [mean(({ rightEye }) => rightEye[0]), mean(({ rightEye }) => rightEye[1])],
    leftEye: [mean(({ leftEye }) => leftEye[0]), mean(({ leftEye }) => leftEye[1])],
    score,
  };
}
