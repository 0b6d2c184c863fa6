import { BehaviorSubject, type Observable } from 'rxjs';
import type { Face, Frame } from '../../face/types';
import type { Tracker } from '../../index';
import { type ClipIdentity, clipKey, loadClip, storeClip } from '../../offline/clip-store';
import type { ClipTracks } from '../../offline/clip-tracks';
import type { FileSink } from '../../offline/file-sink';
import type { RenderFormat } from '../../offline/render-formats';
import { landmarkModelOf, type TrackFileOptions, trackFile } from '../../offline/track-file';
import type { StageContent } from '../../render/offline-stage';
import type { Clip, Player } from '../session/player';
import type { NoticeReports } from '../session/reports';
import type { Source } from '../session/source';
import { isTransparent } from '../settings/settings';
import type { SettingsStore } from '../settings/settings-store';
import { type ClipWork, IDLE, startPhase } from './clip-work';
import { messageOf } from './message-of';

export interface WholeClipDependencies {
  readonly store: SettingsStore;
  readonly player: Player;
  readonly paused$: BehaviorSubject<boolean>;
  readonly tracker$: Observable<Tracker | undefined>;
  readonly notices: Pick<NoticeReports, 'warn' | 'clearWarning'>;
  /** What the stage draws now. */
  readonly content: () => Omit<StageContent, 'model' | 'filterEvents'>;
}

/**
 * Tracks all frames of the running video, keeps the result in the browser, and renders it to a file. One job runs at a
 * time; opening another video ends it.
 */
export class WholeClip {
  readonly #work$ = new BehaviorSubject(IDLE);
  readonly work$: Observable<ClipWork> = this.#work$;
  #clip: Clip | undefined;
  #tracker: Tracker | undefined;
  #tracks: ClipTracks | undefined;
  #job: AbortController | undefined;

  constructor(private readonly dependencies: WholeClipDependencies) {
    const { player, tracker$, store } = dependencies;
    tracker$.subscribe((tracker) => {
      this.#tracker = tracker;
      void this.#load();
    });
    player.clip$.subscribe((clip) => this.#open(clip));
    // The result belongs to these settings.
    store.pick$('bundle', 'faces').subscribe(() => this.#open(this.#clip));
  }

  /** The faces of a frame of the running video; undefined unless the whole video is tracked. */
  knownFaces({ control }: Source, frame: Frame): readonly Face[] | undefined {
    const tracks = this.#tracks;
    if (!tracks || !control || control !== this.#clip?.control) return undefined;
    const index = tracks.indexAt(control.clock.mediaTime(frame.time));
    return index < 0 ? undefined : tracks.facesOf(index);
  }

  /** Tracks every frame and stores the result. Does nothing while a job runs. */
  async track(): Promise<void> {
    await this.#run((clip, signal) => this.#track(clip, signal));
  }

  /** Renders the video with what the page shows, to a sink that is opened when it is needed. */
  async render(format: RenderFormat, openSink: () => Promise<FileSink>): Promise<boolean> {
    return this.#run(async (clip, signal) => {
      const tracks = this.#tracks ?? (await this.#track(clip, signal));
      await this.#render(clip, tracks, format, openSink, signal);
    });
  }

  /** Ends the running job. */
  cancel(): void {
    this.#job?.abort(new DOMException('The user has cancelled.', 'AbortError'));
  }

  /** Whether the job was completed. */
  async #run(work: (clip: Clip, signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    const { notices, paused$ } = this.dependencies;
    const clip = this.#clip;
    if (!clip || this.#job) return false;
    const job = new AbortController();
    this.#job = job;
    notices.clearWarning('whole video');
    paused$.next(true);
    try {
      await work(clip, job.signal);
      return true;
    } catch (error) {
      if (!job.signal.aborted) notices.warn(messageOf(error), 'whole video');
      return false;
    } finally {
      if (this.#job === job) this.#job = undefined;
      if (this.#clip === clip) this.#show({ phase: 'none' });
    }
  }

  #open(clip: Clip | undefined): void {
    this.cancel();
    this.#clip = clip;
    this.#tracks = undefined;
    this.#work$.next(IDLE);
    void this.#load();
  }

  /** Loads the stored result of the running video. */
  async #load(): Promise<void> {
    const clip = this.#clip;
    const tracker = this.#tracker;
    if (!clip?.source.media || !tracker || this.#tracks) return;
    try {
      const file = await clip.source.media();
      const key = await clipKey(file, this.#identity(clip));
      const tracks = await loadClip(key, await landmarkModelOf(tracker, this.#bundle));
      if (tracks && this.#clip === clip && !this.#tracks) this.#use(clip, tracks);
    } catch {
      // Without a readable result, the video is tracked live, and can be tracked again.
    }
  }

  #use(clip: Clip, tracks: ClipTracks): void {
    tracks.frames.forEach(({ time }, i) => {
      clip.coverage.add(time, tracks.facesOf(i), i === 0);
    });
    // Not before: a stored mask that is damaged throws above.
    this.#tracks = tracks;
    this.#show({ tracked: tracks.frames.length });
    // Draws the frame that is shown again, with its faces of the result.
    clip.control.refresh();
  }

  async #track(clip: Clip, signal: AbortSignal): Promise<ClipTracks> {
    const { store, notices } = this.dependencies;
    const file = await mediaOf(clip);
    const total = (await clip.frameTimes())?.end ?? 0;
    const progress = startPhase(this.#work$, 'tracking', total);
    const { provider, faces, smoothing, threads } = store.now;
    const options: TrackFileOptions = {
      ...{ bundle: this.#bundle, provider, faces, smoothing, signal, onFrame: progress },
      ...(threads > 1 ? { threads } : {}),
      onFault: (message) => notices.warn(message, 'whole video'),
    };
    const { tracks } = await trackFile(file, clip.source.name, options);
    if (this.#clip !== clip) throw new DOMException('Another video was opened.', 'AbortError');
    this.#use(clip, tracks);
    await this.#store(file, clip, tracks);
    return tracks;
  }

  async #store(file: Blob, clip: Clip, tracks: ClipTracks): Promise<void> {
    const identity = this.#identity(clip);
    try {
      await storeClip(await clipKey(file, identity), tracks, identity);
    } catch (error) {
      const reason = messageOf(error);
      this.dependencies.notices.warn(
        `The result could not be stored; it is kept until the page is closed. ${reason}`,
        'whole video',
      );
    }
  }

  async #render(
    clip: Clip,
    tracks: ClipTracks,
    format: RenderFormat,
    openSink: () => Promise<FileSink>,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, notices, content } = this.dependencies;
    const model = this.#tracker?.faceModel;
    if (!model) throw new Error('The tracker is not open yet. Wait until the face is tracked, then render again.');
    const { renderClip } = await import('../../offline/render-clip');
    const progress = startPhase(this.#work$, 'rendering', tracks.frames.at(-1)?.time ?? 0);
    const filterEvents = {
      onNotice: ({ title, message }: { readonly title: string; readonly message: string }) =>
        void notices.warn(`${title}: ${message}`, 'whole video'),
      onProgress() {},
      onRunning() {},
    };
    const file = await mediaOf(clip);
    // Nothing may fail between this and `renderClip`, which discards the file if it fails.
    const sink = await openSink();
    const result = await renderClip({
      ...{ clip: file, name: clip.source.name, tracks, format, sink, signal },
      engine: store.now.engine,
      content: { ...content(), model, filterEvents },
      transparent: isTransparent(store.now),
      onFrame: (index) => progress(tracks.frames[index]?.time ?? 0),
    });
    if (result.notices.length > 0) notices.warn(result.notices.join(' '), 'whole video');
  }

  #show(change: Partial<ClipWork>): void {
    this.#work$.next({ ...this.#work$.value, ...change });
  }

  get #bundle(): string {
    return `models/${this.dependencies.store.now.bundle}/`;
  }

  #identity({ source }: Clip): ClipIdentity {
    const { bundle, faces } = this.dependencies.store.now;
    return { name: source.name, kind: source.kind, bundle, faces };
  }
}

async function mediaOf({ source }: Clip): Promise<Blob> {
  if (!source.media) throw new Error(`${source.name} has no file. Open a video file.`);
  return source.media();
}
