/** Entry point `peekaboo-face`. Importing it touches no browser global. */
import { ASSET_FILES, DEFAULT_BUNDLE } from 'virtual:assets';
import { folderUrl, openTracker } from '../tracker/open-tracker';
import type { Tracker, TrackerOptions } from '../tracker/tracker';

export * from '../library';

/**
 * Loads the models and starts the worker. Files come from the folder `assets` next to this module, or from the one that
 * the option `assets` names.
 * @throws RangeError for an unknown option or a value that is not accepted, with its name and value.
 * @throws TrackerError with a `code` and the reason when a file cannot be loaded or does not fit; the signal's reason
 * after an abort.
 */
export async function createTracker(options: TrackerOptions = {}): Promise<Tracker> {
  // Bundlers may give addresses without an origin.
  const assets = { folder: folderUrl(''), files: ASSET_FILES() };
  return openTracker(options, { assets, bundle: `models/${DEFAULT_BUNDLE}/` });
}
