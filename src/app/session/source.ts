import {
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  fromEvent,
  map,
  NEVER,
  type Observable,
  startWith,
  switchMap,
} from 'rxjs';
import { camera } from '../../capture/camera';
import { readImage } from '../../capture/images';
import { sampleClip, sampleClipUrl } from '../../capture/sample-clip';
import { videoFile } from '../../capture/video-file';
import type { Frame } from '../../face/types';
import { RESOLUTIONS, type Resolution } from '../settings/settings';

/** The kind of a source. A still picture is tracked once, the others continuously. */
export type SourceKind = 'sample' | 'cam' | 'video' | 'picture';

export interface Source {
  readonly kind: SourceKind;
  readonly name: string;
  readonly frames$: Observable<Frame>;
  /** Reads the video's file, which recordings take the sound from. */
  readonly media?: () => Promise<Blob>;
}

/** A file that is neither a video nor a picture. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Browsers refuse or crash on larger pictures. */
const MOST_PICTURE_BYTES = 200 * 2 ** 20;

export function sampleSource(paused$: Observable<boolean>): Source {
  return {
    kind: 'sample',
    name: 'Sample clip',
    frames$: sampleClip({ paused$: pausedOrHidden(paused$) }),
    media: async () => (await fetch(sampleClipUrl())).blob(),
  };
}

/** The source of a dropped or chosen file. Throws FileError where it is neither a video nor a picture. */
export function fileSource(file: File, paused$: Observable<boolean>): Source {
  if (file.type.startsWith('image/')) return pictureSource(file);
  if (file.type.startsWith('video/') || /\.(mp4|m4v|mov|webm|mkv|ogv)$/i.test(file.name)) {
    const frames$ = videoFile(file, { loop: true, name: file.name, paused$: pausedOrHidden(paused$) });
    return { kind: 'video', name: file.name, frames$, media: async () => file };
  }
  throw new FileError(`${file.name} is neither a video nor a picture. Open MP4, WebM, MOV, JPEG, PNG or WebP.`);
}

function pictureSource(file: File): Source {
  if (file.size > MOST_PICTURE_BYTES)
    throw new FileError(`${file.name} is larger than 200 MB, the limit for pictures. Open a smaller one.`);
  return {
    kind: 'picture',
    name: file.name,
    frames$: concat(
      defer(() => readImage(file, file.name)),
      NEVER,
    ),
  };
}

export interface CameraRequest {
  readonly deviceId: string;
  readonly resolution: Resolution;
  readonly cameraInBackground: boolean;
}

/** The camera. It is off while the page is paused, and while the tab is hidden unless `cameraInBackground` is set. */
export function cameraSource(
  { deviceId, resolution, cameraInBackground }: CameraRequest,
  paused$: Observable<boolean>,
  open: typeof camera = camera,
): Source {
  const [width, height] = RESOLUTIONS[resolution];
  const frames$ = open({ ...(deviceId ? { deviceId } : {}), width, height, background: cameraInBackground });
  const off$ = cameraInBackground ? paused$ : pausedOrHidden(paused$);
  return {
    kind: 'cam',
    name: 'Webcam',
    frames$: off$.pipe(switchMap((off) => (off ? EMPTY : frames$))),
  };
}

function pausedOrHidden(paused$: Observable<boolean>): Observable<boolean> {
  const hidden$ = fromEvent(document, 'visibilitychange').pipe(
    startWith(undefined),
    map(() => document.hidden),
  );
  return hidden$.pipe(
    switchMap((hidden) => (hidden ? [true] : paused$)),
    distinctUntilChanged(),
  );
}
