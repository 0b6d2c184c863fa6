import { FaceLandmarker as MediaPipeLandmarker } from '@mediapipe/tasks-vision';
import { Subject } from 'rxjs';
import { type Frame, type TrackedFrame, type Tracker, TrackerError, type TrackerOptions } from '../../library';
import { createTracker } from '../index';
import { awaitedResult } from './awaited-result';
import { frameOf, hasPicture, type ImageSource } from './image-source';
import { type FaceLandmarkerResult, resultOf } from './results';
import type { Connection, MediaPipeOptions } from './types';

/** MediaPipe's options, and those of the tracker. */
export interface FaceLandmarkerOptions extends MediaPipeOptions {
  /** Options of Peekaboo's tracker, for example `assets`. */
  readonly tracker?: TrackerOptions;
  /** Called with each result of `detectForVideo` as soon as it is finished, as MediaPipe's live streams do. */
  readonly resultListener?: (result: FaceLandmarkerResult) => void;
}

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
  #newest: FaceLandmarkerResult = resultOf([], { width: 1, height: 1 }, {});
  #error: unknown;
  #closed = false;
  /** The last change of options, settled when it has taken effect. */
  #changed: Promise<void> = Promise.resolve();
  #time = Number.NEGATIVE_INFINITY;
  #index = 0;

  private constructor(tracker: Tracker, options: FaceLandmarkerOptions) {
    this.#tracker = tracker;
    this.#options = options;
    this.#follow();
  }

  /** Loads the tracker. Throws TrackerError. */
  static async createFromOptions(_files: unknown, options: FaceLandmarkerOptions): Promise<FaceLandmarker> {
    return new FaceLandmarker(await openFor(options), options);
  }

  /** The same with the default options; the model is Peekaboo's. */
  static createFromModelPath(files: unknown, modelAssetPath: string): Promise<FaceLandmarker> {
    return FaceLandmarker.createFromOptions(files, { baseOptions: { modelAssetPath } });
  }

  /** The same with the default options; the model is Peekaboo's. */
  static createFromModelBuffer(files: unknown, modelAssetBuffer: unknown): Promise<FaceLandmarker> {
    return FaceLandmarker.createFromOptions(files, { baseOptions: { modelAssetBuffer } });
  }

  /**
   * Changes options; the others stay. Another number of faces, another delegate or other options of the tracker load another
   * tracker, which replaces this one when it is loaded. Throws TrackerError; then nothing is changed.
   */
  setOptions(options: FaceLandmarkerOptions): Promise<void> {
    const change = this.#changed.then(() => this.#change({ ...this.#options, ...options }));
    this.#changed = change.catch(() => undefined);
    return change;
  }

  /**
   * Sends a frame to the tracker and returns the newest finished result; its `timestamp` states the frame. A frame whose time
   * is not later than the last one's, and a video without a picture, are not sent. Throws an Error in the running mode IMAGE,
   * the error that ended the tracking, and TrackerError closed.
   * @param timestamp in milliseconds
   */
  detectForVideo(source: ImageSource, timestamp: number, _processing?: unknown): FaceLandmarkerResult {
    this.#check('VIDEO', 'detectForVideo');
    if (this.#error) throw this.#error;
    if (timestamp > this.#time && hasPicture(source)) {
      this.#time = timestamp;
      this.#frames$.next(frameOf(source, timestamp, this.#index++));
    }
    return this.#newest;
  }

  /**
   * Finds the faces of a picture, also rotated ones. Throws an Error in the running mode VIDEO, and TrackerError closed;
   * rejects with TrackerError.
   */
  detect(source: ImageSource, _processing?: unknown): Promise<FaceLandmarkerResult> {
    this.#check('IMAGE', 'detect');
    return awaitedResult(this.#detect(source));
  }

  /** Frees everything. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#frames$.complete();
    this.#newest.tracked?.frame.image.close();
    void this.#tracker.close();
  }

  async #detect(source: ImageSource): Promise<FaceLandmarkerResult> {
    const { frame, faces } = await this.#tracker.trackStill(frameOf(source, 0, 0));
    frame.image.close();
    return resultOf(faces, frame, this.#options);
  }

  #check(mode: 'IMAGE' | 'VIDEO', method: string): void {
    if (this.#closed) throw closedError();
    const { runningMode = 'IMAGE' } = this.#options;
    if (runningMode !== mode)
      throw new Error(`${method} needs the running mode ${mode}: setOptions({ runningMode: '${mode}' })`);
  }

  async #change(options: FaceLandmarkerOptions): Promise<void> {
    if (this.#closed) throw closedError();
    if (loadsSame(this.#options, options)) {
      this.#options = options;
      return;
    }
    const tracker = await openFor(options);
    if (this.#closed) {
      await tracker.close();
      return;
    }
    const [old, frames$] = [this.#tracker, this.#frames$];
    this.#tracker = tracker;
    this.#options = options;
    this.#error = undefined;
    this.#frames$ = new Subject();
    this.#follow();
    frames$.complete();
    await old.close();
  }

  /** Takes the results of the tracker's frames. The frame of a result stays open until the next one. */
  #follow(): void {
    const tracker = this.#tracker;
    const isCurrent = () => tracker === this.#tracker && !this.#closed;
    tracker.track(this.#frames$, { keepFrames: true }).subscribe({
      next: (tracked) => (isCurrent() ? this.#take(tracked) : tracked.frame.image.close()),
      error: (reason: unknown) => {
        if (isCurrent()) this.#error = reason;
      },
    });
  }

  #take(tracked: TrackedFrame): void {
    const { frame, faces } = tracked;
    this.#newest.tracked?.frame.image.close();
    this.#newest = resultOf(faces, frame, this.#options, tracked);
    this.#options.resultListener?.(this.#newest);
  }
}

function closedError(): TrackerError {
  return new TrackerError({ name: 'ClosedError', code: 'closed', message: 'the landmarker was closed' });
}

function openFor(options: FaceLandmarkerOptions): Promise<Tracker> {
  return createTracker(trackerOptions(options));
}

function loadsSame(a: FaceLandmarkerOptions, b: FaceLandmarkerOptions): boolean {
  const [before, after] = [trackerOptions(a), trackerOptions(b)];
  return a.tracker === b.tracker && before.faces === after.faces && before.provider === after.provider;
}

function trackerOptions({ numFaces, baseOptions, tracker }: FaceLandmarkerOptions): TrackerOptions {
  return { faces: numFaces ?? 1, provider: baseOptions?.delegate === 'CPU' ? 'wasm' : 'auto', ...tracker };
}
