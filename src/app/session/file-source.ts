import { concat, defer, NEVER, Observable, switchMap, tap, timer } from 'rxjs';
import { animatedImage, isAnimated } from '../../capture/animated-image';
import { type FileKind, fileKind, readHead } from '../../capture/file-kind';
import { readImage } from '../../capture/images';
import { PlaybackControl } from '../../capture/playback-control';
import { controlledVideo, VideoFileError } from '../../capture/video-file';
import { clock } from '../../capture/video-playback';
import type { Frame } from '../../face/types';
import { pausedOrHidden } from './paused-or-hidden';
import type { Source } from './source';

/** A file that is neither a video nor a picture. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Browsers refuse or crash on larger pictures. */
const MOST_PICTURE_BYTES = 200 * 2 ** 20;
/** Milliseconds of playing after which a video without a first frame is given up. */
const FIRST_FRAME = 15_000;

const ACCEPTED =
  'Accepted are videos (MP4, WebM, MOV), pictures (JPEG, PNG, WebP, GIF, AVIF, BMP) and avatars (GLB, VRM).';

/** Opens a source that plays while `paused$` is false; `warn` receives what is wrong with a file that can be played in part. */
export type OpenSource = (paused$: Observable<boolean>, warn: (text: string) => void) => Source;

/** What a chosen file is: an avatar, or the source that shows it. */
export type ExaminedFile = { readonly kind: 'avatar' } | { readonly kind: 'source'; readonly open: OpenSource };

/**
 * Examines a dropped or chosen file: its content decides, else the ending of its name. Rejects with FileError, which
 * states what is accepted.
 */
export async function examineFile(file: File): Promise<ExaminedFile> {
  const { name } = file;
  const head = await readHead(file).catch(() => {
    throw new FileError(`${name} cannot be read: it was moved, deleted or changed. Choose it again.`);
  });
  const kind = fileKind(head, name);
  if (head.length === 0)
    throw new FileError(`${name} cannot be opened: it is empty (0 bytes). Copy or download it again.`);
  if (kind.group === 'avatar') return { kind: 'avatar' };
  if (kind.group === 'picture') return { kind: 'source', open: await openPicture(file, kind) };
  if (kind.group === 'video' || kind.group === 'sound')
    return { kind: 'source', open: (paused$, warn) => videoSource(file, paused$, warn) };
  if (kind.group === 'model') {
    throw new FileError(
      `${name} is ${kind.name}. Accepted avatars are binary glTF (.glb) and VRM (.vrm): export it as one of these.`,
    );
  }
  throw new FileError(`${name} is ${kind.name}. ${ACCEPTED}`);
}

function videoSource(file: File, paused$: Observable<boolean>, warn: (text: string) => void): Source {
  const { name } = file;
  const off$ = pausedOrHidden(paused$);
  const onDamage = (from: number) => {
    const where = from < 1 ? 'is damaged or cut off' : `is damaged from ${clock(from)}`;
    warn(`${name} ${where}. Only the part that can be decoded is played. Copy or download the file again.`);
  };
  const control = new PlaybackControl();
  const frames$ = controlledVideo(file, { loop: true, name, paused$: off$, onDamage }, control);
  return { kind: 'video', name, frames$: withTimeout(frames$, off$, name), media: async () => file, control };
}

async function openPicture(file: File, kind: FileKind): Promise<OpenSource> {
  const { name, size } = file;
  if (size > MOST_PICTURE_BYTES)
    throw new FileError(`${name} is larger than 200 MB, the limit for pictures. Open a smaller one.`);
  const type = kind.animation;
  if (type && (await isAnimated(file, type))) {
    return (paused$) => {
      const frames$ = animatedImage(file, { name, type, paused$: pausedOrHidden(paused$) });
      return { kind: 'video', name, frames$ };
    };
  }
  const frames$ = concat(
    defer(() => readImage(file, name)),
    NEVER,
  );
  return () => ({ kind: 'picture', name, frames$ });
}

/** Errors if there is no first frame after `FIRST_FRAME` of playing. */
function withTimeout(frames$: Observable<Frame>, off$: Observable<boolean>, name: string): Observable<Frame> {
  return new Observable((subscriber) => {
    const waiting = off$.pipe(switchMap((off) => (off ? NEVER : timer(FIRST_FRAME)))).subscribe(() => {
      const text = `${name}: the browser shows no picture of this video. Convert it to MP4 (H.264) or WebM.`;
      subscriber.error(new VideoFileError(text));
    });
    subscriber.add(waiting);
    subscriber.add(frames$.pipe(tap(() => waiting.unsubscribe())).subscribe(subscriber));
  });
}
