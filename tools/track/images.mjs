/** Tracks pictures, each on its own. */
import { basename, resolve } from 'node:path';
import { PageLostError } from './browser-page.mjs';
import { offer } from './offer.mjs';
import { openOutput, readEarlier } from './output.mjs';
import { startProgress } from './progress.mjs';

/** Pictures in flight: one is read or written while another is tracked. */
const AT_ONCE = 3;

/** Works on items with up to `width` at once until `signal`; `done` is called in the items' order. */
async function inOrder(items, width, signal, work, done) {
  const running = [];
  const finish = async () => {
    const { item, result } = running.shift();
    await done(item, await result);
  };
  for (const item of items) {
    if (signal.aborted) break;
    const result = work(item);
    result.catch(() => {});
    running.push({ item, result });
    if (running.length >= width) await finish();
  }
  while (running.length > 0) await finish();
}

/**
 * Returns a function that tracks one picture. When the page is lost, each picture that was in flight is tried once more,
 * one after the other, so that only the one that ends the page is refused.
 */
function createAttempt({ page, files }) {
  let alone = Promise.resolve();
  const track = (image) => page.call('image', offer(files, image.path), image.file, image.index);
  const again = (image) => {
    const result = alone.then(() => track(image));
    alone = result.catch(() => {});
    return result;
  };
  return async (image) => {
    try {
      return await track(image).catch((error) => {
        if (error instanceof PageLostError) return again(image);
        throw error;
      });
    } catch (error) {
      if (error instanceof PageLostError) return { refused: error.message };
      throw error;
    }
  };
}

/**
 * Tracks stills into a folder; unreadable ones are named and skipped. A resumed run tracks those that have no line yet.
 * @returns {Promise<{ tracked: number, earlier: number, skipped: string[], stopped: boolean }>}  tracked: in this run;
 *   earlier: by the run that this one resumes; stopped: a signal came before the last picture
 */
export async function trackImages({ page, files, signal, output: { mode, options } }, images, out) {
  const earlier = mode === 'resume' ? readEarlier(out).files : new Set();
  const all = images.map((image, index) => ({ ...image, index }));
  const open = all.filter(({ file }) => !earlier.has(file));
  const offset = all.length - open.length;
  const output = openOutput(out, { mode, options });
  const progress = startProgress({ label: basename(resolve(out)), total: all.length, unit: 'images', offset });
  const skipped = [];
  let done = 0;
  const write = ({ path, file, name }, answer) => {
    if (answer.refused === undefined) output.add(name, answer.value);
    else {
      skipped.push(`${path}: skipped, ${answer.refused.replace(`${file}: `, '')}`);
      progress.log(skipped.at(-1));
    }
    done += 1;
    progress.update(offset + done);
  };
  try {
    await inOrder(open, AT_ONCE, signal, createAttempt({ page, files }), write);
  } finally {
    progress.stop();
    await output.close(done === open.length);
  }
  return { tracked: done - skipped.length, earlier: offset, skipped, stopped: done < open.length };
}
