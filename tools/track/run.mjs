/** One run of the headless tracker, from its options to its exit code. */
import { join } from 'node:path';
import { InputError } from '../lib/input-error.mjs';
import { listInputs } from './inputs.mjs';
import { checkFolder } from './output.mjs';
import { listenForStop } from './stop.mjs';
import { openTracker, sharedOptions } from './tracker.mjs';

/** Some of the input could not be read. */
const INCOMPLETE = 3;

const plural = (count, thing) => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Images go to `out`; so does a video that is alone, several videos go to folders of their own below it. */
function planVideos({ images, videos }, out) {
  const isAlone = images.length === 0 && videos.length === 1;
  return videos.map((video) => ({ video, folder: isAlone ? out : join(out, video.name) }));
}

const modeOf = ({ force, resume }) => (force ? 'force' : resume ? 'resume' : 'new');

async function runImages(tracker, images, out, { failed, hasVideos }) {
  const { tracked, earlier, skipped, stopped } = await tracker.images(images, out);
  failed.push(...skipped);
  if (tracked + earlier === 0 && !hasVideos && !stopped) throw new InputError('none of the images can be read');
  const parts = [plural(tracked + earlier, 'image')];
  if (earlier > 0) parts.push(`${earlier} of them earlier`);
  if (skipped.length > 0) parts.push(`${skipped.length} skipped`);
  if (stopped) parts.push(`stopped before the other ${images.length - tracked - earlier - skipped.length}`);
  console.log(`${out}: ${parts.join(', ')}`);
}

/** Returns the number of frames. */
async function runVideo(tracker, { video, folder }, failed) {
  const { frames, earlier, faults, stopped } = await tracker.video(video, folder);
  for (const fault of faults) console.error(fault);
  failed.push(...faults);
  const notes = [earlier ? 'complete since an earlier run' : '', stopped ? 'stopped' : ''].filter(Boolean);
  if (frames > 0) console.log([`${folder}: ${plural(frames, 'frame')}`, ...notes].join(', '));
  return frames;
}

async function trackAll(tracker, { images, videos, failed, out, signal }) {
  console.error(`Network on ${tracker.provider}`);
  if (images.length > 0) await runImages(tracker, images, out, { failed, hasVideos: videos.length > 0 });
  let frames = 0;
  for (const plan of videos) {
    if (!signal.aborted) frames += await runVideo(tracker, plan, failed);
  }
  const isEmpty = images.length === 0 && frames === 0 && !signal.aborted;
  if (isEmpty)
    throw new InputError(videos.length === 1 ? 'the video cannot be read' : 'none of the videos can be read');
}

/** Tracks the inputs and sets the exit code. */
export async function runTrack({ inputs, out, recursive, force, resume, ...options }) {
  const mode = modeOf({ force, resume });
  const found = listInputs(inputs, { recursive });
  if (options.export && found.videos.length === 0)
    throw new InputError('--export writes animations of videos, and there is no video in the input');
  const videos = planVideos(found, out);
  const folders = [...(found.images.length > 0 ? [out] : []), ...videos.map(({ folder }) => folder)];
  for (const folder of folders) checkFolder(folder, mode, sharedOptions(options));
  for (const line of [...found.notes, ...found.failed]) console.error(line);
  const stop = listenForStop();
  const { signal } = stop;
  try {
    const tracker = await openTracker(options, { mode, signal });
    try {
      await trackAll(tracker, { images: found.images, videos, failed: found.failed, out, signal });
    } finally {
      await tracker.close();
    }
    process.exitCode = stop.exitCode() ?? (found.failed.length > 0 ? INCOMPLETE : 0);
  } finally {
    stop.release();
  }
}
