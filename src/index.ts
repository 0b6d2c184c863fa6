/** The library as the pages of this repository use it. The package's entry point is `src/package/index.ts`. */
import { name } from './assets/default-bundle.json';
import { folderUrl, openTracker } from './tracker/open-tracker';
import type { Tracker, TrackerOptions } from './tracker/tracker';

export { sampleClip, sampleClipFrames } from './capture/sample-clip';
export * from './library';

/**
 * Loads the models and starts the worker. Files come from `generated/`, the weights from `models/`; see
 * `openTracker` for errors.
 */
export async function createTracker(options: TrackerOptions = {}): Promise<Tracker> {
  return openTracker(options, {
    assets: { folder: folderUrl('generated/'), files: {} },
    bundle: folderUrl(`models/${name}/`),
    spawn: () => new Worker(new URL('./pipeline/worker.ts', import.meta.url), { type: 'module', name: 'peekaboo' }),
  });
}
