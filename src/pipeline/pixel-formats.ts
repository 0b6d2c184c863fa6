import { byteAt } from '../face/at';
/** Position of a plane in the bytes of a picture; `stride`: bytes per row. */
export interface Plane {
  readonly offset: number;
  readonly stride: number;
}

/** The part of VideoColorSpace that defines the conversion of YUV to RGB; null where the picture does not define it. */
export interface YuvKind {
  readonly matrix: string | null;
  readonly fullRange: boolean | null;
}

/** Writes width × height RGBA. */
export type Unpack = (
  bytes: Uint8Array,
  planes: readonly Plane[],
  width: number,
  height: number,
  out: Uint8ClampedArray,
) => void;

/**
 * The conversion of a WebCodecs pixel format to opaque RGBA; undefined for other formats than these. Each chroma sample is
 * repeated over its 2 × 2 pixels.
 */
export function unpackerOf(format: string | null, kind: YuvKind, height: number): Unpack | undefined {
  switch (format) {
    case 'I420':
      return yuvUnpacker(kind, height, (planes) => ({ u: planeAt(planes, 1), v: planeAt(planes, 2), step: 1 }));
    case 'NV12':
      return yuvUnpacker(kind, height, (planes) => {
        const u = planeAt(planes, 1);
        return { u, v: { ...u, offset: u.offset + 1 }, step: 2 };
      });
    case 'RGBA':
    case 'RGBX':
      return (bytes, planes, width, h, out) => unpackRgb(bytes, planeAt(planes, 0), width, h, out, 0);
    case 'BGRA':
    case 'BGRX':
      return (bytes, planes, width, h, out) => unpackRgb(bytes, planeAt(planes, 0), width, h, out, 2);
    default:
      return undefined;
  }
}

function planeAt(planes: readonly Plane[], i: number): Plane {
  const plane = planes[i];
  if (!plane) throw new RangeError(`a picture of ${planes.length} planes has none at ${i}`);
  return plane;
}

/** `red`: index of the red byte in a pixel; blue is at 2 − red. */
function unpackRgb(
  bytes: Uint8Array,
  { offset, stride }: Plane,
  width: number,
  height: number,
  out: Uint8ClampedArray,
  red: 0 | 2,
): void {
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = offset + y * stride;
    for (let x = 0; x < width; x++, from += 4, to += 4) {
      out[to] = byteAt(bytes, from + red);
      out[to + 1] = byteAt(bytes, from + 1);
      out[to + 2] = byteAt(bytes, from + 2 - red);
      out[to + 3] = 255;
    }
  }
}

interface Chroma {
  readonly u: Plane;
  readonly v: Plane;
  /** Bytes from one sample to the next. */
  readonly step: number;
}

/** Weights of red and blue in luma, by matrix coefficients. */
const LUMA: Readonly<Record<string, readonly [number, number]>> = {
  bt709: [0.2126, 0.0722],
  smpte170m: [0.299, 0.114],
  bt470bg: [0.299, 0.114],
  'bt2020-ncl': [0.2627, 0.0593],
};

type YuvWeights = ReturnType<typeof yuvWeights>;

/** 16-bit fixed-point weights of R = y·Y + rv·V, G = y·Y − gu·U − gv·V, B = y·Y + bu·U, Y from `black`, U and V from 128. */
function yuvWeights({ matrix, fullRange }: YuvKind, height: number) {
  const [kr, kb] = LUMA[matrix ?? (height > 576 ? 'bt709' : 'smpte170m')] ?? [0.2126, 0.0722];
  const kg = 1 - kr - kb;
  const luma = fullRange ? 1 : 255 / 219;
  const chroma = fullRange ? 2 : (2 * 255) / 224;
  const fixed = (value: number) => Math.round(value * 65536);
  return {
    black: fullRange ? 0 : 16,
    y: fixed(luma),
    rv: fixed(chroma * (1 - kr)),
    gu: fixed((chroma * (1 - kb) * kb) / kg),
    gv: fixed((chroma * (1 - kr) * kr) / kg),
    bu: fixed(chroma * (1 - kb)),
  };
}

function yuvUnpacker(kind: YuvKind, pictureHeight: number, chromaOf: (planes: readonly Plane[]) => Chroma): Unpack {
  const weights = yuvWeights(kind, pictureHeight);
  return (bytes, planes, width, height, out) => {
    const luma = planeAt(planes, 0);
    const { u, v, step } = chromaOf(planes);
    const row = { y: 0, u: 0, v: 0, step, to: 0, end: 0 };
    for (let y = 0; y < height; y++) {
      row.y = luma.offset + y * luma.stride;
      row.u = u.offset + (y >> 1) * u.stride;
      row.v = v.offset + (y >> 1) * v.stride;
      row.to = y * width * 4;
      row.end = row.to + width * 4;
      unpackYuvRow(bytes, row, weights, out);
    }
  };
}

/** Indices of a row's first bytes of luma and chroma, and of its RGBA in the output. */
interface Row {
  readonly y: number;
  readonly u: number;
  readonly v: number;
  /** Bytes from one chroma sample to the next. */
  readonly step: number;
  readonly to: number;
  /** One past the last output byte. */
  readonly end: number;
}

function unpackYuvRow(bytes: Uint8Array, row: Row, weights: YuvWeights, out: Uint8ClampedArray): void {
  const { y, rv, gu, gv, bu } = weights;
  const { step, end } = row;
  const half = 32768 - weights.black * y;
  let from = row.y;
  let fromU = row.u;
  let fromV = row.v;
  for (let to = row.to; to < end; fromU += step, fromV += step) {
    const u = byteAt(bytes, fromU) - 128;
    const v = byteAt(bytes, fromV) - 128;
    const red = half + rv * v;
    const green = half - gu * u - gv * v;
    const blue = half + bu * u;
    // Two pixels share their chroma; a row of odd width ends with one. The array clamps.
    for (const pairEnd = Math.min(to + 8, end); to < pairEnd; to += 4, from++) {
      const luma = byteAt(bytes, from) * y;
      out[to] = (luma + red) >> 16;
      out[to + 1] = (luma + green) >> 16;
      out[to + 2] = (luma + blue) >> 16;
      out[to + 3] = 255;
    }
  }
}
