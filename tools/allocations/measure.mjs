/** Measures what the page and the tracker's worker allocate per tracked frame while the sample clip plays. */
import { attachToWorkers } from '../lib/worker-session.mjs';
import { installCounters } from './counters.mjs';
import { LOOKS } from './looks.mjs';
import { bytesPerFrame } from './profile.mjs';

/** Until models are loaded and the frames are tracked, also on a busy machine; milliseconds. */
const PATIENCE = 600_000;
/** Average bytes between two samples of the heap profiler. */
const SAMPLING_INTERVAL = 2048;
/** The clip plays at this rate, so that a slow machine tracks every frame of it. */
const PLAYBACK_RATE = 0.25;

/** Runs in the page before its own scripts: slows down every video and counts the frames it presents. */
function slowVideos(rate) {
  const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
  window.presentedFrames = 0;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function counted(callback) {
    if (this.playbackRate !== rate) this.playbackRate = rate;
    return requestVideoFrameCallback.call(this, (now, metadata) => {
      window.presentedFrames += 1;
      callback(now, metadata);
    });
  };
}

const trackedFrames = (page) => page.evaluate(() => Number(document.documentElement.dataset.frames));

async function waitForData(page, frames, entries = {}) {
  const holds = ([least, wanted]) => {
    const { dataset } = document.documentElement;
    return Number(dataset.frames) >= least && Object.entries(wanted).every(([name, value]) => dataset[name] === value);
  };
  await page.waitForFunction(holds, [frames, entries], { timeout: PATIENCE }).catch(async () => {
    const data = await page.evaluate(() => JSON.stringify(document.documentElement.dataset));
    throw new Error(`the page did not reach ${frames} frames and ${JSON.stringify(entries)}; its state is ${data}`);
  });
}

async function openPage(browser, { origin, bundle, look, warmUp }) {
  const { settings, ready } = LOOKS[look];
  const page = await browser.newPage({ viewport: { width: 640, height: 480 }, deviceScaleFactor: 1 });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.addInitScript(slowVideos, PLAYBACK_RATE);
  const query = new URLSearchParams({ bundle, source: 'sample', engine: 'webgl', provider: 'wasm', ...settings });
  await page.goto(`${origin}/?${query}`);
  await waitForData(page, 1, ready);
  await waitForData(page, (await trackedFrames(page)) + warmUp, { error: '', ...ready });
  return page;
}

/** Seconds that the page's main thread has worked so far. */
async function busySeconds(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** Plays `frames` tracked frames between `start` and `stop`. */
async function during(page, frames, start, stop) {
  await start();
  const before = await page.evaluate(() => [Number(document.documentElement.dataset.frames), window.presentedFrames]);
  await waitForData(page, before[0] + frames);
  const after = await page.evaluate(() => [Number(document.documentElement.dataset.frames), window.presentedFrames]);
  return { tracked: after[0] - before[0], presented: after[1] - before[1], result: await stop() };
}

async function sampleHeaps(page, frames, nameOf) {
  const cdp = await page.context().newCDPSession(page);
  const [worker, ...others] = await attachToWorkers(cdp, 'peekaboo');
  if (!worker || others.length > 0)
    throw new Error(`the page runs ${others.length + (worker ? 1 : 0)} tracker workers, not 1`);
  const sessions = { page: (method, params) => cdp.send(method, params), worker: worker.send };
  const options = {
    samplingInterval: SAMPLING_INTERVAL,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  };
  await cdp.send('Performance.enable');
  const { tracked, presented, result } = await during(
    page,
    frames,
    async () => {
      for (const send of Object.values(sessions)) await send('HeapProfiler.startSampling', options);
      sessions.busy = await busySeconds(cdp);
    },
    async () => ({
      busy: (await busySeconds(cdp)) - sessions.busy,
      page: await sessions.page('HeapProfiler.stopSampling'),
      worker: await sessions.worker('HeapProfiler.stopSampling'),
    }),
  );
  await worker.detach();
  await cdp.detach();
  return {
    tracked,
    presented,
    mainThreadMs: (1000 * result.busy) / tracked,
    page: bytesPerFrame(result.page.profile, tracked, nameOf),
    worker: bytesPerFrame(result.worker.profile, tracked, nameOf),
  };
}

/** Counts buffers, draw calls and uploads over further frames; the counters slow the page, so its time is not taken here. */
async function countBuffers(page, frames) {
  const [worker] = page.workers();
  const realms = { page, worker };
  const read = async () => {
    const counts = {};
    for (const [name, realm] of Object.entries(realms)) {
      counts[name] = await realm.evaluate(() => ({ ...globalThis.peekabooAllocations }));
    }
    return counts;
  };
  for (const realm of Object.values(realms)) await realm.evaluate(installCounters);
  let before;
  const { tracked, result: after } = await during(
    page,
    frames,
    async () => {
      before = await read();
    },
    read,
  );
  const perFrame = (realm) =>
    Object.fromEntries(
      Object.keys(after[realm]).map((key) => [key, (after[realm][key] - before[realm][key]) / tracked]),
    );
  return { page: perFrame('page'), worker: perFrame('worker') };
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {{ origin: string, bundle: string, look: keyof typeof LOOKS, frames: number, warmUp: number }} options
 * @param {ReturnType<import('./profile.mjs').positionNamer>} nameOf
 */
export async function measureAllocations(browser, options, nameOf) {
  const page = await openPage(browser, options);
  try {
    const heap = await sampleHeaps(page, options.frames, nameOf);
    return { look: options.look, ...heap, counts: await countBuffers(page, Math.ceil(options.frames / 3)) };
  } finally {
    await page.close();
  }
}
