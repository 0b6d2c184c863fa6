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

/** Where frames come from, for people and for the page's behaviour. */
export type SourceKind = 'sample' | 'cam' | 'video' | 'picture';

export interface Source {
  readonly kind: SourceKind;
  readonly name: string;
  readonly frames$: Observable<Frame>;
  /** The video's own file, for its sound. */
  readonly media?: () => Promise<Blob>;
}

/** A file that is neither a video nor a picture. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Larger pictures would need more memory than a page is given. */
const MOST_PICTURE_BYTES = 200 * 2 ** 20;

export function sampleSource(paused$: Observable<boolean>): Source {
  return {
    kind: 'sample',
    name: 'Sample clip',
    frames$: sampleClip({ paused$: pausedOrHidden(paused$) }),
    media: async () => (await fetch(sampleClipUrl())).blob(),
  };
}

/** A dropped or chosen file. Throws FileError for one that is no video and no picture. */
export function fileSource(file: File, paused$: Observable<boolean>): Source {
  if (file.type.startsWith('image/')) return pictureSource(file);
  if (file.type.startsWith('video/') || /\.(mp4|m4v|mov|webm|mkv|ogv)$/i.test(file.name)) {
    const frames$ = videoFile(file, { loop: true, name: file.name, paused$: pausedOrHidden(paused$) });
    return { kind: 'video', name: file.name, frames$, media: async () => file };
  }
  throw new FileError(`${file.name} is neither a video nor a picture. Open MP4, WebM, MOV, JPEG, PNG or WebP.`);
}

function pictureSource(file: File): Source {
  if (file.size > MOST_PICTURE_BYTES) throw new FileError(`${file.name} is too large for a picture (over 200 MB).`);
  return {
    kind: 'picture',
    name: file.name,
    frames$: concat(
      defer(() => readImage(file, file.name)),
      NEVER,
    ),
  };
}

export interface CameraWish {
  readonly deviceId: string;
  readonly resolution: Resolution;
  readonly background: boolean;
}

/** The camera; off while the page is paused, and while the tab is hidden unless `background`. */
export function cameraSource(
  { deviceId, resolution, background }: CameraWish,
  paused$: Observable<boolean>,
  open: typeof camera = camera,
): Source {
  const [width, height] = RESOLUTIONS[resolution];
  const frames$ = open({ ...(deviceId ? { deviceId } : {}), width, height, background });
  const off$ = background ? paused$ : pausedOrHidden(paused$);
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
