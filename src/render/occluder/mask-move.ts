import type { Crop } from '../../face/types';

/**
 * Where a place of the crop `now` lies in the crop `before` when it stays in the frame, both in crop units from the
 * crop's middle (side 1): (x, y) goes to (a·x − b·y + shiftX, b·x + a·y + shiftY). Answers [a, b, shiftX, shiftY].
 */
export function cropMove(now: Crop, before: Crop): [number, number, number, number] {
  const scale = now.side / before.side;
  const turn = now.angle - before.angle;
  const x = (now.centreX - before.centreX) / before.side;
  const y = (now.centreY - before.centreY) / before.side;
  const cos = Math.cos(before.angle);
  const sin = Math.sin(before.angle);
  return [scale * Math.cos(turn), scale * Math.sin(turn), cos * x + sin * y, cos * y - sin * x];
}
