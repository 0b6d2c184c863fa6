import { float32At } from '../face/at';
import type { Face } from '../face/types';

/** MediaPipe's landmarks for each eye: middle of the upper and of the lower eyelid, outer and inner corner. */
const EYES = [
  [159, 145, 33, 133],
  [386, 374, 263, 362],
] as const;

/** Opening of the eyelids as a share of the eyes' width, mean of both eyes; undefined where an eye has no width. */
export function lidOpening({ landmarks478: points }: Pick<Face, 'landmarks478'>): number | undefined {
  const apart = (a: number, b: number) =>
    Math.hypot(
      float32At(points, 3 * a) - float32At(points, 3 * b),
      float32At(points, 3 * a + 1) - float32At(points, 3 * b + 1),
      float32At(points, 3 * a + 2) - float32At(points, 3 * b + 2),
    );
  let sum = 0;
  for (const [upper, lower, outer, inner] of EYES) {
    const width = apart(outer, inner);
    if (!(width > 0)) return undefined;
    sum += apart(upper, lower) / width;
  }
  return sum / EYES.length;
}
