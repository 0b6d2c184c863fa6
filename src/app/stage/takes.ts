import { BehaviorSubject, fromEvent, merge, type Observable, skip } from 'rxjs';
import type { Seconds, TrackedFrame } from '../../face/types';
import type { Take, TakeRecorder, TakeSound } from '../../render/take/recorder';
import type { Box } from '../../render/view/view';
import type { Source } from '../session/source';

/** A stage, for takes of it. */
export interface TakeStage {
  /** `box`: the picture's part of the canvas. */
  readonly view: { readonly canvas: HTMLCanvasElement; readonly box: Box };
  /** The picture alone as PNG. */
  screenshot(): Promise<Blob>;
}

export interface TakesParts {
  /** Undefined while there is no stage. */
  readonly stage: () => TakeStage | undefined;
  /** Each frame right after it was drawn. */
  readonly drawn$: Observable<TrackedFrame>;
  readonly source$: Observable<Source | undefined>;
  readonly paused$: Observable<boolean>;
  readonly transparent: () => boolean;
  /** Whether the person wants the microphone with the camera. */
  readonly microphone: () => boolean;
  readonly save: (name: string, file: Blob) => void;
  readonly complain: (text: string) => void;
  readonly openMicrophone?: () => Promise<MediaStreamTrack>;
}

/** seconds and bytes of the take that is being recorded. */
export interface TakeState {
  readonly phase: 'idle' | 'starting' | 'recording' | 'saving';
  readonly seconds: Seconds;
  readonly bytes: number;
}

const IDLE: TakeState = { phase: 'idle', seconds: 0, bytes: 0 };
/** Seconds that a file's clock may run ahead of the wall's between two pictures; more is a jump, and left out. */
const JUMP = 1;

/** Photos and videos of what is shown. A take ends, and is saved, with its source, with the tab's being hidden, or full. */
export class Takes {
  readonly #state$ = new BehaviorSubject(IDLE);
  readonly state$: Observable<TakeState> = this.#state$;
  #source: Source | undefined;
  #recorder: TakeRecorder | undefined;
  #clock = new TakeClock();

  constructor(private readonly parts: TakesParts) {
    parts.source$.subscribe((source) => {
      this.#source = source;
      void this.stop();
    });
    parts.paused$.pipe(skip(1)).subscribe((paused) => {
      // A file's clock stands still in a pause; a camera's goes on with nothing to show.
      if (paused && this.#source?.kind === 'cam') void this.stop();
    });
    merge(fromEvent(document, 'visibilitychange')).subscribe(() => document.hidden && void this.stop());
    parts.drawn$.subscribe((tracked) => this.#record(tracked));
  }

  async photo(): Promise<void> {
    try {
      const file = await this.parts.stage()?.screenshot();
      if (file) this.parts.save(`peekaboo-${stamp()}.png`, file);
    } catch (error) {
      this.parts.complain(`The photo failed: ${words(error)}`);
    }
  }

  toggle(): Promise<void> {
    return this.#state$.value.phase === 'idle' ? this.start() : this.stop();
  }

  /** Nothing happens while there is a take already. */
  async start(): Promise<void> {
    if (this.#state$.value.phase !== 'idle') return;
    const view = this.parts.stage()?.view;
    const source = this.#source;
    if (!view || !source) return this.parts.complain('There is nothing to record yet. Choose a source first.');
    if (source.kind === 'picture') return this.parts.complain('A picture does not move: take a photo of it.');
    this.#state$.next({ ...IDLE, phase: 'starting' });
    let sound: TakeSound | null = null;
    try {
      sound = await this.#openSound(source);
      const recorder = await this.#openRecorder(view.box, sound);
      if (!this.#isStarting() || this.#source !== source) return await recorder.cancel();
      this.#clock = new TakeClock();
      this.#recorder = recorder;
      this.#state$.next({ ...IDLE, phase: 'recording' });
    } catch (error) {
      if (sound?.kind === 'live') sound.track.stop();
      this.parts.complain(words(error));
      this.#state$.next(IDLE);
    }
  }

  /** Ends the take and saves it. */
  async stop(): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (!recorder) {
      if (this.#isStarting()) this.#state$.next(IDLE);
      return;
    }
    this.#state$.next({ ...this.#state$.value, phase: 'saving' });
    try {
      this.#save(await recorder.stop());
    } catch (error) {
      this.parts.complain(words(error));
    }
    this.#state$.next(IDLE);
  }

  #record({ frame, timings }: TrackedFrame): void {
    const recorder = this.#recorder;
    const view = this.parts.stage()?.view;
    if (!recorder || !view) return;
    const live = this.#source?.kind === 'cam';
    const time = live
      ? (performance.now() - timings.total) / 1000
      : this.#clock.read(frame.time, performance.now() / 1000);
    recorder.add(view.canvas, view.box, time);
    this.#state$.next({ phase: 'recording', seconds: recorder.seconds, bytes: recorder.bytes });
    if (!recorder.full) return;
    this.parts.complain('The recording is full (500 MB) and was saved. Start another one to go on.');
    void this.stop();
  }

  /** Asked for anew after each wait. */
  #isStarting(): boolean {
    return this.#state$.value.phase === 'starting';
  }

  async #openRecorder(box: Box, sound: TakeSound | null): Promise<TakeRecorder> {
    const { chooseFormat } = await import('../../render/take/format');
    const { TakeRecorder } = await import('../../render/take/recorder');
    const format = await chooseFormat(box, { transparent: this.parts.transparent(), sound: sound !== null });
    if (format.lacks) this.parts.complain(format.lacks);
    const recorder = new TakeRecorder(format, box, sound);
    await recorder.start();
    return recorder;
  }

  async #openSound({ kind, media }: Source): Promise<TakeSound | null> {
    if (kind === 'cam') {
      if (!this.parts.microphone()) return null;
      return { kind: 'live', track: await (this.parts.openMicrophone ?? openMicrophone)() };
    }
    if (!media) return null;
    const { FileSound } = await import('../../render/take/sound');
    const sound = await FileSound.open(await media());
    return sound && { kind: 'file', sound };
  }

  #save({ file, extension, frames, dropped }: Take): void {
    this.parts.save(`peekaboo-${stamp()}.${extension}`, file);
    if (dropped > 0.1 * frames) {
      this.parts.complain(`${dropped} pictures of the recording were left out: this machine writes too slowly.`);
    }
  }
}

/** A file's clock without its jumps. A slow machine's long gaps are none, nor is a pause, in which it stands still. */
export class TakeClock {
  #shift = 0;
  #last: { readonly time: Seconds; readonly wall: Seconds } | undefined;

  /** `time` of the file, `wall` when it is shown, seconds. */
  read(time: Seconds, wall: Seconds): Seconds {
    const gap = time - (this.#last?.time ?? time);
    if (gap < 0 || gap > wall - (this.#last?.wall ?? wall) + JUMP) this.#shift += 1 / 25 - gap;
    this.#last = { time, wall };
    return time + this.#shift;
  }
}

async function openMicrophone(): Promise<MediaStreamTrack> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [track] = stream.getAudioTracks();
    if (track) return track;
  } catch (error) {
    throw new Error(`The microphone did not start (${words(error)}). Allow it, or switch it off under Takes.`);
  }
  throw new Error('No microphone was found. Plug one in, or switch it off under Takes.');
}

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-');
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
