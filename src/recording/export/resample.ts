import { float64At } from '../../face/at';
import type { FaceTrack } from './face-track';

/** Frames per second to which a track can be resampled. */
export const RATES = [24, 25, 30, 60] as const;

/** Mean frames per second; 30 for a single sample. */
export function meanRate({ times }: Pick<FaceTrack, 'times'>): number {
  const last = times.at(-1) ?? 0;
  return last > 0 ? (times.length - 1) / last : 30;
}

/** The track at `rate` samples per second from 0 on, each interpolated between its two neighbours. */
export function resample(track: FaceTrack, rate: number): FaceTrack {
  const end = track.times.at(-1) ?? 0;
  const count = Math.floor(end * rate + 1e-6) + 1;
  const times = Float64Array.from({ length: count }, (_, i) => i / rate);
  const places = placesOf(track.times, times);
  return {
    ...track,
    times,
    expression: interpolate(track.expression, track.times.length, places),
    rotation: normalised(interpolate(track.rotation, track.times.length, places)),
    translation: interpolate(track.translation, track.times.length, places),
    visibility: interpolate(track.visibility, track.times.length, places),
    seen: Uint8Array.from(places, (place) => track.seen[Math.round(place)] ?? 0),
  };
}

/** For each time the index of its sample, with the fraction to the next one. */
function placesOf(from: Float64Array, times: Float64Array): Float64Array {
  let index = 0;
  return times.map((time) => {
    while (index + 2 < from.length && float64At(from, index + 1) <= time) index += 1;
    if (from.length < 2) return 0;
    const [before, after] = [float64At(from, index), float64At(from, index + 1)];
    return index + Math.min(1, Math.max(0, (time - before) / (after - before)));
  });
}

function interpolate(values: Float32Array, count: number, places: Float64Array): Float32Array {
  const width = values.length / count;
  const out = new Float32Array(places.length * width);
  for (const [row, place] of places.entries()) {
    const first = Math.min(Math.floor(place), count - 1);
    const second = Math.min(first + 1, count - 1);
    const share = place - first;
    for (let k = 0; k < width; k++) {
      const [a, b] = [values[first * width + k] ?? 0, values[second * width + k] ?? 0];
      out[row * width + k] = a + share * (b - a);
    }
  }
  return out;
}

/** Neighbours are a few degrees apart, where the normalised mean of quaternions equals the spherical one. */
function normalised(rotation: Float32Array): Float32Array {
  for (let i = 0; i < rotation.length; i += 4) {
    const part = rotation.subarray(i, i + 4);
    const length = Math.hypot(...part);
    for (let k = 0; k < 4; k++) part[k] = (part[k] ?? 0) / length;
  }
  return rotation;
}
