import { defer } from 'rxjs';
import { type AssetUrls, assetUrl } from '../assets/asset-urls';
import { checkValue, OBSERVABLE, TRUE_OR_FALSE } from '../face/check-options';
import { parseFaceModel } from '../face/face-model';
import { DEFAULT_FOV } from '../face/projection';
import { type Client, openClient, type Port } from '../pipeline/client';
import { checkSmoothing } from '../smoothing/check-smoothing';
import { SMOOTHING_PRESETS } from '../smoothing/settings';
import { checkFrame, checkTrackerOptions, checkTrackOptions } from './check-tracker-options';
import { framesOf } from './frame-source';
import { trackAll, trackLive } from './track-frames';
import { TrackedFrames } from './tracked-frames';
import type { Tracker, TrackerOptions } from './tracker';
import { spawnWorker } from './worker-spawn';

/** Where the tracker's files are unless options say otherwise. */
export interface TrackerDefaults {
  readonly assets: AssetUrls;
  /** Folder of the bundle below the assets folder, or an absolute URL; with a slash at the end. */
  readonly bundle: string;
  /** Starts the worker in another way than by `worker.mjs` in the assets folder. */
  readonly spawn?: () => Port;
}

/** The worker's script below the assets folder. */
export const WORKER_FILE = 'worker.mjs';

/**
 * Loads the models and starts the worker.
 * @throws RangeError for an unknown option or a value that is not accepted, with its name and value.
 * @throws TrackerError with the reason when a file cannot be loaded or does not fit; the signal's reason after an abort.
 */
export async function openTracker(options: TrackerOptions, defaults: TrackerDefaults): Promise<Tracker> {
  checkTrackerOptions(options);
  const { threads = 1, faces = 1, smooth = true, provider = 'auto', signal, onProgress } = options;
  const { detector = 'auto', verticalFov = DEFAULT_FOV, wideMasks = false } = options;
  signal?.throwIfAborted();
  const { assets, bundle, workerUrl } = locate(options, defaults);
  const given = options.workerUrl || options.assets ? undefined : defaults.spawn;
  const opening = openClient({
    settings: {
      bundle,
      assets,
      provider,
      detector,
      threads,
      smooth,
      smoothing: { ...SMOOTHING_PRESETS.balanced, ...options.smoothing },
      faces,
      verticalFov,
      rawFaces: false,
      wideMasks,
    },
    spawn: options.spawn ?? given ?? (() => spawnWorker(workerUrl)),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  const client = await opening.catch(async (reason) => {
    signal?.throwIfAborted();
    // Loaded when it is needed: it requests the script again.
    const { explainBlocked } = await import('./explain-blocked');
    throw await explainBlocked(reason, workerUrl);
  });
  return trackerOf(client);
}

function trackerOf(client: Client): Tracker {
  const { manifest, faceModel } = client.opened;
  let streams = 0;
  return {
    faceModel: parseFaceModel(faceModel),
    manifest,
    get provider() {
      return client.provider;
    },
    track(source, options = {}) {
      checkTrackOptions(options);
      const frames$ = framesOf(source);
      return new TrackedFrames(
        defer(() => trackLive(client, streams++, frames$)),
        'newest',
        options,
      );
    },
    trackEvery(frames$, options = {}) {
      checkTrackOptions(options);
      checkValue('frames$', frames$, OBSERVABLE);
      return new TrackedFrames(
        defer(() => trackAll(client, streams++, frames$)),
        'all',
        options,
      );
    },
    async trackStill(frame) {
      checkFrame(frame);
      return client.trackStill(frame);
    },
    setRawFaces(include) {
      checkValue('include', include, TRUE_OR_FALSE);
      client.setRawFaces(include);
    },
    setWideMasks(extend) {
      checkValue('extend', extend, TRUE_OR_FALSE);
      client.setWideMasks(extend);
    },
    setSmoothing(settings) {
      checkSmoothing(settings);
      client.setSmoothing({ ...SMOOTHING_PRESETS.balanced, ...settings });
    },
    async close() {
      client.close();
    },
    [Symbol.dispose]: client.close,
  };
}

interface Places {
  readonly assets: AssetUrls;
  readonly bundle: string;
  readonly workerUrl: string;
}

function locate({ assets: folder, bundle, workerUrl }: TrackerOptions, defaults: TrackerDefaults): Places {
  const assets = folder === undefined ? defaults.assets : { folder: folderUrl(folder), files: {} };
  return {
    assets,
    bundle: bundle === undefined ? defaults.bundle : folderUrl(bundle),
    workerUrl: workerUrl === undefined ? assetUrl(assets, WORKER_FILE) : pageUrl(workerUrl),
  };
}

/** Absolute URL with a slash at the end, relative to the page. */
export function folderUrl(folder: string | URL): string {
  const url = pageUrl(folder);
  return url.endsWith('/') ? url : `${url}/`;
}

/** Absolute URL, relative to the page. */
function pageUrl(url: string | URL): string {
  return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href ?? import.meta.url).href;
}
