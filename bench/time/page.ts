/** The page of `npm run bench:time`: renders clips with ground truth and records the trackers' output. */
import { createTracker, type Tracker } from '../../src/index';
import { openRival, type Rival } from '../rival/rival';
import { CLIP_SETTINGS, createTruthClip } from '../truth/clip';
import { CLIPS } from './clips';
import { recordClip, recordSample } from './record';
import type { Recording } from './recording';
import { type Report, reportOf } from './report';

declare global {
  interface Window {
    peekabooTime?: typeof door;
  }
}

let session: { tracker: Tracker; pair: Tracker; rival: Rival | undefined } | undefined;

const door = {
  /** Names of the clips. */
  clips: () => Object.keys(CLIPS),
  /** Loads the bundle at a URL and, if a URL is given, the rival's model. */
  async open(bundle: string, model?: string): Promise<void> {
    const options = { bundle, provider: 'wasm', threads: 1, smooth: false } as const;
    const tracker = await createTracker(options);
    const pair = await createTracker({ ...options, faces: 2 });
    session = { tracker, pair, rival: model ? await openRival(model) : undefined };
  },
  /** Records a clip by its name. */
  async record(name: string, seed: number): Promise<Recording> {
    if (!session) throw new Error('open() first');
    const script = CLIPS[name]?.(seed);
    if (!script) throw new Error(`${name}: no such clip`);
    const tracker = script.people > 1 ? session.pair : session.tracker;
    return recordClip(createTruthClip(tracker.faceModel, script, { ...CLIP_SETTINGS, seed }), tracker, session.rival);
  },
  /** Records the first frames of the sample clip. */
  sample(frames: number): Promise<Recording> {
    if (!session) throw new Error('open() first');
    return recordSample(session.tracker, session.rival, frames);
  },
  /** Runs the filters over recordings, given by their URLs, and measures them. */
  async report(addresses: readonly string[]): Promise<Report> {
    if (!session) throw new Error('open() first');
    const recordings: Recording[] = [];
    for (const address of addresses) recordings.push(await (await fetch(address)).json());
    return reportOf(session.tracker.faceModel, recordings);
  },
};
window.peekabooTime = door;
