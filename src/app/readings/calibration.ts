import { get, set } from 'idb-keyval';
import { BehaviorSubject, type Observable, Subscription, takeWhile, timer } from 'rxjs';
import * as v from 'valibot';
import {
  createRestingFaceCapture,
  type Obstacle,
  type RestingFaceCapture,
  withRestingFace,
} from '../../face/resting-face';
import { EXPRESSION_NAMES, type Face, type RestingFace, type Seconds, type TrackedFrame } from '../../face/types';

type CalibrationStep =
  | { readonly step: 'idle' | 'done' }
  | { readonly step: 'countdown'; readonly secondsLeft: number }
  /** `share`: progress from 0 to 1. */
  | { readonly step: 'measuring'; readonly share: number; readonly obstacle?: Obstacle }
  | { readonly step: 'failed'; readonly obstacle: Obstacle };

/** `isSet`: whether a resting face is subtracted from the expressions. */
export type CalibrationState = { readonly isSet: boolean } & CalibrationStep;

/** Stores the resting face between visits. */
export interface RestingFaceStore {
  /** Resolves with undefined where none is stored. */
  read(): Promise<RestingFace | undefined>;
  write(restingFace: RestingFace | undefined): Promise<void>;
}

/** Length of the countdown in seconds. */
const COUNTDOWN = 3;
/** Seconds of measuring after which an obstacle makes it fail. */
const TIME_LIMIT = 6;

const KEY = 'peekaboo-neutral';
const schema = v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(0.9))), v.length(EXPRESSION_NAMES.length));

/** The storage of this browser. Where the browser refuses, nothing is stored. */
export const browserStore: RestingFaceStore = {
  async read() {
    const stored = v.safeParse(schema, await get<unknown>(KEY).catch(() => undefined));
    return stored.success ? stored.output : undefined;
  },
  write: (restingFace) => set(KEY, restingFace).catch(() => undefined),
};

/** Measures a person's resting face and subtracts it from the expressions of tracked faces. */
export class Calibration {
  readonly #state$ = new BehaviorSubject<CalibrationState>({ step: 'idle', isSet: false });
  readonly state$: Observable<CalibrationState> = this.#state$;
  #restingFace: RestingFace | undefined;
  /** The previous resting face, for `undo`. */
  #previous: RestingFace | undefined;
  /** The id of the face that is measured, and whose expressions are changed. */
  #faceId: number | undefined;
  #countdown = Subscription.EMPTY;
  #capture: RestingFaceCapture | undefined;
  #measuringSince: Seconds | undefined;

  constructor(private readonly store: RestingFaceStore = browserStore) {
    void store.read().then((restingFace) => {
      if (!restingFace || this.#restingFace) return;
      this.#restingFace = restingFace;
      if (this.#state$.value.step === 'idle') this.#setStep({ step: 'idle' });
    });
  }

  /** Starts the countdown, after which the face is measured; while either runs, stops it. */
  toggle(): void {
    const { step } = this.#state$.value;
    if (step === 'countdown' || step === 'measuring') {
      this.#stop();
      this.#setStep({ step: 'idle' });
      return;
    }
    this.#countdown = timer(0, 1000)
      .pipe(takeWhile((second) => second < COUNTDOWN))
      .subscribe({
        next: (second) => this.#setStep({ step: 'countdown', secondsLeft: COUNTDOWN - second }),
        complete: () => this.#startMeasuring(),
      });
  }

  /** Stops a countdown or a measurement. */
  cancel(): void {
    if (this.#countdown.closed && !this.#capture) return;
    this.#stop();
    this.#setStep({ step: 'idle' });
  }

  /** Restores the previous resting face, or none. */
  undo(): void {
    this.#stop();
    this.#setRestingFace(this.#previous);
    this.#previous = undefined;
    this.#setStep({ step: 'idle' });
  }

  /** Removes the resting face, and the previous one, without storing anything. */
  forget(): void {
    this.#stop();
    this.#restingFace = undefined;
    this.#previous = undefined;
    this.#setStep({ step: 'idle' });
  }

  /**
   * Measures the frame if a measurement runs, and returns it with the resting face subtracted from one face: the face
   * that was measured, or else the largest.
   */
  apply(tracked: TrackedFrame): TrackedFrame {
    const { faces } = tracked;
    if (!faces.some(({ id }) => id === this.#faceId)) this.#faceId = faces[0]?.id;
    this.#measure(
      faces.find(({ id }) => id === this.#faceId),
      tracked.frame.time,
    );
    const restingFace = this.#restingFace;
    if (!restingFace) return tracked;
    return {
      ...tracked,
      faces: faces.map((face) => (face.id === this.#faceId ? withRestingFace(face, restingFace) : face)),
    };
  }

  #startMeasuring(): void {
    this.#capture = createRestingFaceCapture();
    this.#measuringSince = undefined;
    this.#setStep({ step: 'measuring', share: 0 });
  }

  #measure(face: Face | undefined, time: Seconds): void {
    if (!this.#capture) return;
    this.#measuringSince ??= time;
    const progress = this.#capture.step(face, time);
    if (progress.state === 'done') {
      this.#stop();
      this.#previous = this.#restingFace;
      this.#setRestingFace(progress.restingFace);
      this.#setStep({ step: 'done' });
    } else if (progress.obstacle && time - this.#measuringSince > TIME_LIMIT) {
      this.#stop();
      this.#setStep({ step: 'failed', obstacle: progress.obstacle });
    } else {
      const { share, obstacle } = progress;
      this.#setStep({ step: 'measuring', share, ...(obstacle ? { obstacle } : {}) });
    }
  }

  #setRestingFace(restingFace: RestingFace | undefined): void {
    this.#restingFace = restingFace;
    void this.store.write(restingFace);
  }

  #stop(): void {
    this.#capture = undefined;
    this.#countdown.unsubscribe();
  }

  #setStep(step: CalibrationStep): void {
    this.#state$.next({ ...step, isSet: this.#restingFace !== undefined });
  }
}
