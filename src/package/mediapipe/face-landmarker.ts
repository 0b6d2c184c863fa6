import { FaceLandmarker as MediaPipeLandmarker } from '@mediapipe/tasks-vision';
import { Subject } from 'rxjs';
import type { Frame, Tracker, TrackerOptions } from '../../library';
import { createTracker } from '../index';
import { type FaceLandmarkerResult, resultOf } from './results';
import type { Connection, MediaPipeOptions } from './types';

/** MediaPipe's options, and those of the tracker. */
export interface FaceLandmarkerOptions extends MediaPipeOptions {
  /** Options of Peekaboo's tracker, for example `assets`. */
  readonly tracker?: TrackerOptions;
}

type ImageSource = HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | VideoFrame;

/** In place of MediaPipe's: there is nothing to resolve, the files are in the assets folder. */
export const FilesetResolver = {
  async forVisionTasks(_path?: string): Promise<object> {
    return {};
  },
};

/**
 * MediaPipe's FaceLandmarker. The tracker runs in a worker, so two things differ: `detectForVideo` returns the newest
 * finished result, which belongs to a previous frame (and is empty at first), and `detect` returns a promise.
 */
export class FaceLandmarker {
  static readonly FACE_LANDMARKS_LIPS: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_LIPS;
  static readonly FACE_LANDMARKS_LEFT_EYE: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_LEFT_EYE;
  static readonly FACE_LANDMARKS_LEFT_EYEBROW: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_LEFT_EYEBROW;
  static readonly FACE_LANDMARKS_LEFT_IRIS: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_LEFT_IRIS;
  static readonly FACE_LANDMARKS_RIGHT_EYE: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_RIGHT_EYE;
  static readonly FACE_LANDMARKS_RIGHT_EYEBROW: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_RIGHT_EYEBROW;
  static readonly FACE_LANDMARKS_RIGHT_IRIS: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_RIGHT_IRIS;
  static readonly FACE_LANDMARKS_FACE_OVAL: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_FACE_OVAL;
  static readonly FACE_LANDMARKS_CONTOURS: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_CONTOURS;
  static readonly FACE_LANDMARKS_TESSELATION: Connection[] = MediaPipeLandmarker.FACE_LANDMARKS_TESSELATION;

  #tracker: Tracker;
  #options: FaceLandmarkerOptions;
  #frames$ = new Subject<Frame>();
  #newest: FaceLandmarkerResult;
  #error: unknown;
  #time = Number.NEGATIVE_INFINITY;
  #index = 0;

  private constructor(tracker: Tracker, options: FaceLandmarkerOptions) {
    this.#tracker = tracker;
    this.#options = options;
    this.#newest = resultOf([], { width: 1, height: 1 }, tracker.faceModel, options);
    this.#follow();
  }

  /** Loads the tracker. Throws TrackerError. */
  static async createFromOptions(_files: unknown, options: FaceLandmarkerOptions): Promise<FaceLandmarker> {
    return new FaceLandmarker(await openFor(options), options);
  }

  /** Changes options; another number of faces or another delegate loads another tracker. */
  async setOptions(options: FaceLandmarkerOptions): Promise<void> {
    const before = this.#options;
    this.#options = { ...before, ...options };
    if (before.numFaces === this.#options.numFaces && providerOf(before) === providerOf(this.#options)) return;
    const old = this.#tracker;
    this.#tracker = await openFor(this.#options);
    this.#frames$.complete();
    this.#frames$ = new Subject();
    this.#follow();
    await old.close();
  }

  /**
   * Sends a frame to the tracker and returns the newest finished result. A frame whose time is not later than the last one's is
   * not sent. Throws the error that ended the tracking.
   * @param timestamp in milliseconds
   */
  detectForVideo(source: ImageSource, timestamp: number): FaceLandmarkerResult {
    if (this.#error) throw this.#error;
    if (timestamp > this.#time) {
      this.#time = timestamp;
      this.#frames$.next(frameOf(source, timestamp, this.#index++));
    }
    return this.#newest;
  }

  /** Finds the faces of a picture. Throws TrackerError. */
  async detect(source: ImageSource): Promise<FaceLandmarkerResult> {
    const { frame, faces } = await this.#tracker.trackStill(frameOf(source, 0, 0));
    frame.image.close();
    return resultOf(faces, frame, this.#tracker.faceModel, this.#options);
  }

  close(): void {
    this.#frames$.complete();
    void this.#tracker.close();
  }

  #follow(): void {
    const { faceModel } = this.#tracker;
    this.#tracker.track(this.#frames$).subscribe({
      next: ({ frame: { width, height }, faces }) => {
        this.#newest = resultOf(faces, { width, height }, faceModel, this.#options);
      },
      error: (reason: unknown) => {
        this.#error = reason;
      },
    });
  }
}

function openFor(options: FaceLandmarkerOptions): Promise<Tracker> {
  return createTracker({ faces: options.numFaces ?? 1, provider: providerOf(options), ...options.tracker });
}

function providerOf({ baseOptions }: FaceLandmarkerOptions): 'auto' | 'wasm' {
  return baseOptions?.delegate === 'CPU' ? 'wasm' : 'auto';
}

function frameOf(source: ImageSource, timestamp: number, index: number): Frame {
  const image = new VideoFrame(source, { timestamp: Math.round(timestamp * 1000) });
  const { displayWidth: width, displayHeight: height } = image;
  return { image, time: timestamp / 1000, index, width, height, source: 'mediapipe' };
}
