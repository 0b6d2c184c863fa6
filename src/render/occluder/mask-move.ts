import type { Crop } from '../../face/types';

/**
 * Maps a point of the crop `now` to the same point of the frame in the crop `before`, both in crop units from the
 * crop's centre (side 1): (x, y) goes to (a·x − b·y + shiftX, b·x + a·y + shiftY). Returns [a, b, shiftX, shiftY].
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
