import { BehaviorSubject, fromEvent, type Observable, skip } from 'rxjs';
import type { Seconds, TrackedFrame } from '../../face/types';
import type { Take, TakeRecorder, TakeSound } from '../../render/take/recorder';
import type { Box } from '../../render/view/view';
import type { NoticeReports } from '../session/reports';
import type { Source } from '../session/source';
import { messageOf } from './message-of';
import { TakeClock } from './take-clock';

/** What a take needs of the stage. */
export interface TakeStage {
  /** `box`: the picture's area of the canvas, without the bars around it. */
  readonly view: { readonly canvas: HTMLCanvasElement; readonly box: Box };
  /** The picture without the bars, as PNG. */
  screenshot(): Promise<Blob>;
}

export interface TakesDependencies {
  /** Undefined while there is no stage. */
  readonly stage: () => TakeStage | undefined;
  /** Emits each frame right after it was drawn. */
  readonly drawn$: Observable<TrackedFrame>;
  readonly source$: Observable<Source | undefined>;
  readonly paused$: Observable<boolean>;
  readonly transparent: () => boolean;
  /** Whether to record the microphone with a camera. */
  readonly microphone: () => boolean;
  readonly save: (name: string, file: Blob) => void;
  readonly notices: Pick<NoticeReports, 'warn' | 'clearWarning'>;
  readonly openMicrophone?: () => Promise<MediaStreamTrack>;
}

/** `seconds` and `bytes` of the recording so far. */
export interface TakeState {
  readonly phase: 'idle' | 'starting' | 'recording' | 'saving';
  readonly seconds: Seconds;
  readonly bytes: number;
}

const IDLE: TakeState = { phase: 'idle', seconds: 0, bytes: 0 };

/**
 * Takes photos and records videos of the picture. A recording ends and is saved when its source ends, the camera is
 * paused, the tab is hidden, or it is full.
 */
export class Takes {
  readonly #state$ = new BehaviorSubject(IDLE);
  readonly state$: Observable<TakeState> = this.#state$;
  #source: Source | undefined;
  #recorder: TakeRecorder | undefined;
  #clock = new TakeClock();
  /** Frame time minus the time in the file, at the last recorded frame. */
  #shift: Seconds | undefined;

  constructor(private readonly dependencies: TakesDependencies) {
    const { source$, paused$, drawn$ } = dependencies;
    source$.subscribe((source) => {
      this.#source = source;
      void this.stop();
    });
    paused$.pipe(skip(1)).subscribe((paused) => {
      // During a pause a file's clock stops, so the recording can continue. A camera's clock runs on.
      if (paused && this.#source?.kind === 'cam') void this.stop();
    });
    fromEvent(document, 'visibilitychange').subscribe(() => document.hidden && void this.stop());
    drawn$.subscribe((tracked) => this.#addFrame(tracked));
  }

  async takePhoto(): Promise<void> {
    this.dependencies.notices.clearWarning('take');
    try {
      const file = await this.dependencies.stage()?.screenshot();
      if (file) this.dependencies.save(`peekaboo-${stamp()}.png`, file);
    } catch (error) {
      this.#warn(`The photo failed: ${messageOf(error)}`);
    }
  }

  toggleRecording(): Promise<void> {
    return this.#state$.value.phase === 'idle' ? this.start() : this.stop();
  }

  /** Starts a recording. Does nothing if one has started already. */
  async start(): Promise<void> {
    if (this.#state$.value.phase !== 'idle') return;
    this.dependencies.notices.clearWarning('take');
    const view = this.dependencies.stage()?.view;
    const source = this.#source;
    if (!view || !source) return this.#warn('There is nothing to record yet. Choose a source first.');
    if (source.kind === 'picture')
      return this.#warn('A still picture cannot be recorded as a video. Take a photo instead.');
    this.#state$.next({ ...IDLE, phase: 'starting' });
    let sound: TakeSound | null = null;
    try {
      sound = await this.#openSound(source);
      const recorder = await this.#openRecorder(view.box, sound);
      if (!this.#isStarting() || this.#source !== source) return await recorder.cancel();
      this.#clock = new TakeClock();
      this.#shift = undefined;
      this.#recorder = recorder;
      this.#state$.next({ ...IDLE, phase: 'recording' });
    } catch (error) {
      if (sound?.kind === 'live') sound.track.stop();
      this.#warn(messageOf(error));
      this.#state$.next(IDLE);
    }
  }

  /** Ends the recording and saves it. */
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
      this.#warn(messageOf(error));
    }
    this.#state$.next(IDLE);
  }

  #addFrame({ frame, timings }: TrackedFrame): void {
    const recorder = this.#recorder;
    const view = this.dependencies.stage()?.view;
    if (!recorder || !view) return;
    const live = this.#source?.kind === 'cam';
    const time = live ? (performance.now() - timings.total) / 1000 : this.#fileTime(recorder, frame.time);
    recorder.add(view.canvas, view.box, time);
    this.#state$.next({ phase: 'recording', seconds: recorder.seconds, bytes: recorder.bytes });
    if (!recorder.full) return;
    this.#warn('The recording reached its limit of 500 MB and was saved. Start another one to continue.');
    void this.stop();
  }

  /** The recording's time of a frame of a file. After a seek or a restart, the sound continues at the same place. */
  #fileTime(recorder: TakeRecorder, frameTime: Seconds): Seconds {
    const media = this.#source?.control?.clock.mediaTime(frameTime) ?? frameTime;
    const time = this.#clock.read(media, performance.now() / 1000);
    const shift = frameTime - media;
    if (this.#shift !== undefined && Math.abs(shift - this.#shift) > 1e-6) recorder.jump(time, media);
    this.#shift = shift;
    return time;
  }

  /** Read again after each await, because `stop` may have been called meanwhile. */
  #isStarting(): boolean {
    return this.#state$.value.phase === 'starting';
  }

  async #openRecorder(box: Box, sound: TakeSound | null): Promise<TakeRecorder> {
    const { chooseFormat } = await import('../../render/take/format');
    const { TakeRecorder } = await import('../../render/take/recorder');
    const format = await chooseFormat(box, { transparent: this.dependencies.transparent(), sound: sound !== null });
    if (format.lacks) this.#warn(format.lacks);
    const recorder = new TakeRecorder(format, box, sound);
    await recorder.start();
    return recorder;
  }

  async #openSound({ kind, media }: Source): Promise<TakeSound | null> {
    if (kind === 'cam') {
      if (!this.dependencies.microphone()) return null;
      return { kind: 'live', track: await (this.dependencies.openMicrophone ?? openMicrophone)() };
    }
    if (!media) return null;
    const { FileSound } = await import('../../render/take/sound');
    const sound = await FileSound.open(await media());
    return sound && { kind: 'file', sound };
  }

  #warn(text: string): void {
    this.dependencies.notices.warn(text, 'take');
  }

  #save({ file, extension, frames, dropped }: Take): void {
    this.dependencies.save(`peekaboo-${stamp()}.${extension}`, file);
    if (dropped > 0.1 * frames) {
      this.#warn(
        `${dropped} frames are missing in the recording, because this machine encodes too slowly. Make the window smaller.`,
      );
    }
  }
}

async function openMicrophone(): Promise<MediaStreamTrack> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [track] = stream.getAudioTracks();
    if (track) return track;
  } catch (error) {
    throw new Error(
      `The microphone did not start (${messageOf(error)}). Allow it, or switch it off under Photo and video.`,
    );
  }
  throw new Error('No microphone was found. Plug one in, or switch it off under Photo and video.');
}

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-');
}
