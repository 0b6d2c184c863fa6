import { filter, firstValueFrom, Observable, of, type Subscriber } from 'rxjs';
import type { Frame, Seconds } from '../face/types';

export interface AnimatedImageOptions {
  readonly name: string;
  /** MIME type, as `FileKind.animation`. */
  readonly type: string;
  /** True pauses, false resumes. */
  readonly paused$?: Observable<boolean>;
}

/** The browser's decoder and clock; doubles in tests. */
export interface ImageBrowser {
  /** Undefined where the browser has no ImageDecoder. */
  readonly open: ((data: ArrayBuffer, type: string) => ImageDecoder) | undefined;
  readonly wait: (seconds: Seconds) => Promise<void>;
}

/** Frames that declare a shorter time are shown this long, as browsers do. */
const SHORTEST: Seconds = 0.02;
const USUAL: Seconds = 0.1;

/** Whether the picture has several frames that this browser can decode one by one. */
export async function isAnimated(blob: Blob, type: string, browser: ImageBrowser = thisBrowser()): Promise<boolean> {
  let decoder: ImageDecoder | undefined;
  try {
    decoder = browser.open?.(await blob.arrayBuffer(), type);
    await decoder?.tracks.ready;
    const track = decoder?.tracks.selectedTrack;
    return track ? track.animated && track.frameCount !== 1 : false;
  } catch {
    return false;
  } finally {
    decoder?.close();
  }
}

/**
 * Plays an animated picture (GIF, WebP, PNG, AVIF) in a loop at its own speed. In place of a damaged frame,
 * the first one is shown. Errors if the first frame cannot be decoded.
 */
export function animatedImage(
  blob: Blob,
  options: AnimatedImageOptions,
  browser: ImageBrowser = thisBrowser(),
): Observable<Frame> {
  return new Observable((subscriber) => {
    play(blob, options, browser, subscriber).catch((reason: unknown) => subscriber.error(reason));
  });
}

async function play(
  blob: Blob,
  { name, type, paused$ = of(false) }: AnimatedImageOptions,
  { open, wait }: ImageBrowser,
  subscriber: Subscriber<Frame>,
): Promise<void> {
  const decoder = open?.(await blob.arrayBuffer(), type);
  if (!decoder) return subscriber.complete();
  subscriber.add(() => decoder.close());
  // Rejects for a damaged picture, whose first frames may be readable.
  await decoder.completed.catch(() => undefined);
  const count = decoder.tracks.selectedTrack?.frameCount ?? 1;
  let time: Seconds = 0;
  let position = 0;
  for (let index = 0; ; index++) {
    await firstValueFrom(paused$.pipe(filter((paused) => !paused)), { defaultValue: false });
    const image = (await decodeFrame(decoder, position)) ?? (await decodeFrame(decoder, 0));
    if (!image || subscriber.closed) return image?.close();
    position = (position + 1) % count;
    const seconds = (image.duration ?? 0) / 1e6;
    subscriber.next({ image, time, index, width: image.displayWidth, height: image.displayHeight, source: name });
    const shown = seconds < SHORTEST ? USUAL : seconds;
    time += shown;
    await wait(shown);
    if (subscriber.closed) return;
  }
}

/** Undefined for a damaged frame other than the first, for which it rejects. */
async function decodeFrame(decoder: ImageDecoder, frameIndex: number): Promise<VideoFrame | undefined> {
  try {
    return (await decoder.decode({ frameIndex })).image;
  } catch (error) {
    if (frameIndex === 0) throw error;
    return undefined;
  }
}

function thisBrowser(): ImageBrowser {
  return {
    open: 'ImageDecoder' in globalThis ? (data, type) => new ImageDecoder({ data, type }) : undefined,
    wait: (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds)),
  };
}
