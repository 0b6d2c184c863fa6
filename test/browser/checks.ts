/** What a right answer looks like, as named checks: each says what is wrong, null when nothing is. */
import type { Box, Rgba } from './pictures';

/** A line of frames.jsonl, as far as the checks need it. */
export interface Line {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly { readonly points68: readonly (readonly [number, number])[] }[];
}

type Problem = string | null;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function points(line: Line | undefined): readonly (readonly [number, number])[] {
  return line?.faces[0]?.points68 ?? [];
}

const isInside = ({ x, y, width, height }: Box, px: number, py: number) =>
  px >= x && py >= y && px < x + width && py < y + height;

/** The box of the 68 points: brows to chin. */
function faceBox(line: Line): Box {
  const xs = points(line).map(([x]) => x);
  const ys = points(line).map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Pixels of the face's box that the mask calls hidden, that the cover hides, and both. */
function overlapOf({ data, width, height }: Rgba, line: Line, cover: Box | undefined) {
  const face = faceBox(line);
  const count = { face: 0, mask: 0, cover: 0, both: 0 };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isInside(face, x, y)) continue;
      const masked = (data[4 * (y * width + x)] ?? 0) > 127;
      const covered = cover !== undefined && isInside(cover, x, y);
      count.face += 1;
      count.mask += Number(masked);
      count.cover += Number(covered);
      count.both += Number(masked && covered);
    }
  }
  return count;
}

/** Every frame has one face with 68 points. */
export function faceFound(lines: readonly Line[]): Problem {
  const missing = lines.filter((line) => points(line).length !== 68).length;
  return missing > 0 || lines.length === 0 ? `no face in ${missing} of ${lines.length} frames` : null;
}

/** The mask lies where the cover is: intersection over union inside the face's box. */
export function coverMasked(mask: Rgba, line: Line, cover: Box, least = 0.6): Problem {
  const { mask: masked, cover: covered, both } = overlapOf(mask, line, cover);
  const iou = both / Math.max(1, masked + covered - both);
  return iou < least ? `intersection over union of mask and cover is ${iou.toFixed(3)}` : null;
}

/** The mask is empty where nothing is in front. */
export function nothingMasked(mask: Rgba, line: Line, most = 0.02): Problem {
  const { mask: masked, face } = overlapOf(mask, line, undefined);
  const share = masked / Math.max(1, face);
  return share > most ? `${(100 * share).toFixed(1)} % of a face with nothing in front is masked` : null;
}

/** The points move as the face was moved: slope 1 within a tenth, straight within 4 pixels. */
export function pointsFollow(lines: readonly Line[], shifts: readonly number[]): Problem {
  const places = lines.map((line) => mean(points(line).map(([x]) => x)));
  const [middle, place] = [mean(shifts), mean(places)];
  const along = shifts.reduce((sum, shift, i) => sum + (shift - middle) * ((places[i] ?? 0) - place), 0);
  const slope = along / shifts.reduce((sum, shift) => sum + (shift - middle) ** 2, 0);
  const off = shifts.map((shift, i) => Math.abs((places[i] ?? 0) - place - (shift - middle)));
  if (!(Math.abs(slope - 1) < 0.1)) return `the points move ${slope.toFixed(2)} times as far as the face`;
  return Math.max(...off) < 4 ? null : `the points are up to ${Math.max(...off).toFixed(1)} pixels off their way`;
}

/** The subject's right eye is on the picture's left, brows above eyes, eyes above mouth. */
export function sidesRight(line: Line): Problem {
  const at = (number: number) => points(line)[number] ?? [Number.NaN, Number.NaN];
  if (!(at(36)[0] < at(45)[0])) return 'right and left eye are exchanged';
  if (!(at(48)[0] < at(54)[0])) return 'right and left corner of the mouth are exchanged';
  return at(19)[1] < at(37)[1] && at(37)[1] < at(51)[1] ? null : 'the face is upside down';
}

/** Corresponding points of two answers are near each other, pixels. */
export function answersAgree(a: Line, b: Line, most = 0.1): Problem {
  const far = points(a).map(([x, y], i) => Math.hypot(x - (points(b)[i]?.[0] ?? 1e9), y - (points(b)[i]?.[1] ?? 1e9)));
  const worst = Math.max(...far);
  return far.length === 68 && worst <= most ? null : `points are up to ${worst.toFixed(3)} pixels apart`;
}

/** Nobody outside was asked for anything, and the content security policy had nothing to refuse. */
export function staysHome({
  asked,
  complaints,
}: {
  readonly asked: readonly string[];
  readonly complaints: readonly string[];
}): Problem {
  const refused = complaints.filter((text) => text.includes('Content Security Policy'));
  const said = [...asked.map((url) => `asked for ${url}`), ...refused];
  return said.length > 0 ? said.join('; ') : null;
}

/** Two masks of one picture say the same nearly everywhere, and something is masked at all. */
export function masksAgree(a: Rgba, b: Rgba, most = 0.001): Problem {
  const masked = (mask: Rgba, i: number) => (mask.data[4 * i] ?? 0) > 127;
  const pixels = a.width * a.height;
  let different = 0;
  let some = 0;
  for (let i = 0; i < pixels; i += 1) {
    different += Number(masked(a, i) !== masked(b, i));
    some += Number(masked(a, i));
  }
  if (some === 0) return 'nothing is masked';
  return different / pixels > most
    ? `masks differ in ${((100 * different) / pixels).toFixed(2)} % of the pixels`
    : null;
}
