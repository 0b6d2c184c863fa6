import type { Seconds } from '../../../face/types';
import type { ClipCoverage } from '../../readings/clip-coverage';

/** What the strip shows. `start` and `end`: the part of the clip that is played. */
export interface StripContent {
  readonly coverage: ClipCoverage;
  readonly duration: Seconds;
  readonly start: Seconds;
  readonly end: Seconds;
}

/** Share of the strip's height of a line that marks a tracked part without a face. */
const LINE = 0.12;
const OUTSIDE_ALPHA = 0.25;

/**
 * Draws where a face was found: a bar, whose upper part is the covered share in another colour. Without a face there is
 * a thin line; what was not tracked yet is empty. Outside of the played part everything is pale.
 */
export function drawCoverage(canvas: HTMLCanvasElement, { coverage, duration, start, end }: StripContent): void {
  const context = canvas.getContext('2d');
  if (!context || duration <= 0) return;
  const ratio = window.devicePixelRatio;
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  Object.assign(canvas, { width, height });
  const colour = coloursOf(canvas);
  const bar = (style: string, x: number, top: number, bottom: number) => {
    context.fillStyle = style;
    context.fillRect(x, top * height, 1, (bottom - top) * height);
  };
  for (let x = 0; x < width; x++) {
    const from = (x / width) * duration;
    const seen = coverage.between(from, from + duration / width);
    context.globalAlpha = from < start || from > end ? OUTSIDE_ALPHA : 1;
    if (seen?.covered === null) bar(colour('none'), x, 1 - LINE, 1);
    else if (seen) {
      // The square root makes a hand at the chin visible.
      const share = Math.sqrt(seen.covered);
      bar(colour('covered'), x, 0, share);
      bar(colour('found'), x, share, 1);
    }
  }
  context.globalAlpha = 1;
  for (const time of [start, end]) {
    if (time > 0 && time < duration) bar(colour('outside'), Math.round((time / duration) * width), 0, 1);
  }
}

function coloursOf(canvas: HTMLCanvasElement): (name: 'found' | 'covered' | 'none' | 'outside') => string {
  const style = getComputedStyle(canvas);
  return (name) => style.getPropertyValue(`--strip-${name}`);
}
