/** Tracks videos, frame by frame. */
import { basename } from 'node:path';
import { PageLostError } from './browser-page.mjs';
import { writeExports } from './exports.mjs';
import { offer } from './offer.mjs';
import { checkFolder, openOutput, readEarlier } from './output.mjs';
import { startProgress } from './progress.mjs';

/** Milliseconds without a result after which the page hangs: damaged files can keep the reader busy for ever. */
const PATIENCE = 120_000;

/** Calls `onStall` when `beat` was not called for PATIENCE. */
function watch(onStall) {
  let timer = setTimeout(onStall, PATIENCE);
  return {
    beat() {
      clearTimeout(timer);
      timer = setTimeout(onStall, PATIENCE);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Messages of the page name the file, those of the tool do not. */
const withName = (message, path) => (message.includes(basename(path)) ? message : `${path}: ${message}`);

/**
 * Runs the page's `video` until its end, a signal, or a stall. Resolves with an answer, also when the page is lost. Rejects
 * with the error of `onResults`.
 */
async function callVideo({ page, signal }, args, onResults) {
  let hangs = false;
  let failure;
  const stalled = watch(() => {
    hangs = true;
    page.kill();
  });
  const stop = () => page.call('stop').catch(() => {});
  page.onResults((results) => {
    stalled.beat();
    try {
      onResults(results);
    } catch (error) {
      failure = error;
      throw error;
    }
  });
  signal.addEventListener('abort', stop);
  try {
    const answer = await page.call('video', ...args);
    if (failure) throw failure;
    return answer;
  } catch (error) {
    if (!(error instanceof PageLostError)) throw error;
    return { refused: hangs ? `no further frame within ${PATIENCE / 1000} s; the file is damaged` : error.message };
  } finally {
    signal.removeEventListener('abort', stop);
    stalled.stop();
  }
}

/**
 * Tracks every frame of a video into a folder, which is made with the first result: a file that is no video leaves none.
 * A resumed run keeps a complete video, and tracks one that was interrupted from its start.
 * @returns {Promise<{ frames: number, earlier: boolean, faults: string[], stopped: boolean }>}  faults: what could not be
 *   read, one sentence each; earlier: the results of an earlier run are complete
 */
export async function trackVideo(session, { path, file }, out) {
  const { page, files, signal, output: settings } = session;
  checkFolder(out, settings.mode, settings.options);
  if (settings.mode === 'resume') {
    const { complete, lines } = readEarlier(out);
    if (complete) return { frames: lines, earlier: true, faults: [], stopped: false };
  }
  const url = offer(files, path);
  const seconds = await page.call('duration', url);
  const progress = startProgress({ label: basename(path), total: Math.round(seconds * 10) / 10, unit: 's' });
  let output;
  let frames = 0;
  let answer;
  const mode = settings.mode === 'resume' ? 'force' : settings.mode;
  const add = (results) => {
    output ??= openOutput(out, { mode, options: settings.options });
    for (const result of results) output.add(String(frames++).padStart(6, '0'), result);
    progress.update(Math.round((results.at(-1)?.time ?? 0) * 10) / 10);
  };
  try {
    answer = await callVideo(session, [url, file], add);
  } finally {
    progress.stop();
    await output?.close(answer?.value !== undefined && !signal.aborted);
  }
  const faults = (answer.value?.faults ?? [answer.refused]).map((fault) => withName(fault, path));
  const { export: formats } = settings.options;
  if (formats && frames > 0) faults.push(...(await writeExports(session, out, file, formats)));
  if (frames === 0 && faults.length === 0 && !signal.aborted) faults.push(`${path}: no frame of it can be decoded`);
  return { frames, earlier: false, faults, stopped: signal.aborted };
}
