import { concatMap, defer, type Observable } from 'rxjs';
import { checkValue, OBSERVABLE, type OptionCheck } from '../face/check-options';
import type { Frame } from '../face/types';

/** What a tracker can follow: frames, a playing `<video>`, a MediaStream, or a canvas. */
export type FrameSource = Observable<Frame> | HTMLVideoElement | MediaStream | HTMLCanvasElement | OffscreenCanvas;

/** The frames of a source. Throws RangeError for another value, with the value. */
export function framesOf(source: FrameSource): Observable<Frame> {
  checkValue('source', source, SOURCE);
  if ('subscribe' in source) return source;
  return defer(() => import('./element-sources')).pipe(concatMap(({ elementSource }) => elementSource(source)));
}

const has = (value: unknown, name: string) =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';

const SOURCE: OptionCheck = {
  expected: 'an Observable, a video, a MediaStream or a canvas',
  accepts: (value) =>
    OBSERVABLE.accepts(value) ||
    ['requestVideoFrameCallback', 'getVideoTracks', 'getContext'].some((name) => has(value, name)),
};
