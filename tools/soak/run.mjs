/** One soak test: the page runs on a fake camera under simulated failures; its resources are measured before and after. */
import { launchChromium } from '../lib/chromium.mjs';
import { cameraClip, ROUND } from './camera-clip.mjs';
import { heaps, rendererMemory } from './memory.mjs';
import { watchPage } from './watch-page.mjs';

const SECOND = 1000;
/** Until models are loaded and the first frames tracked, also on a busy machine. */
const PATIENCE = 180 * SECOND;
/** Maximum duration of a run, relative to the requested minutes, to complete its rounds. */
const OVERTIME = 1.5;

/**
 * @typedef {object} SoakOptions
 * @property {string} origin  where the built page is served
 * @property {string} [bundle]
 * @property {number} minutes  how long the page runs
 * @property {number} rounds  how often the face must be covered and lost
 * @property {number} losses  how often the network's device is lost
 * @property {number} unplugs  how often the camera is
 * @property {number} hides  how often the tab is hidden
 * @property {boolean} webgpu  lose a real WebGPU device too
 * @property {(text: string) => void} [say]
 */

const data = (page) => page.evaluate(() => ({ ...document.documentElement.dataset }));

async function waitFor(page, wanted) {
  const holds = ({ frames = 0, ...others }) => {
    const { dataset } = document.documentElement;
    return Number(dataset.frames) >= frames && Object.entries(others).every(([name, value]) => dataset[name] === value);
  };
  await page.waitForFunction(holds, wanted, { timeout: PATIENCE }).catch(async () => {
    const now = JSON.stringify(await data(page));
    throw new Error(`the page did not reach ${JSON.stringify(wanted)}; its state is ${now}`);
  });
}

/** Waits for a number of further tracked frames. */
async function more(page, frames) {
  const now = Number((await data(page)).frames);
  await waitFor(page, { frames: now + frames });
}

async function openPage(browser, { origin, bundle = 'peekaboo' }, worker, settings, frames = 5) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, serviceWorkers: 'block' });
  await context.grantPermissions(['camera'], { origin });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    const text = message.text();
    // Chromium's message about a VideoFrame that was collected without being closed.
    if (/garbage collected without being closed/.test(text)) errors.push(text);
  });
  await page.addInitScript(watchPage, { worker });
  await page.goto(
    `${origin}/?${new URLSearchParams({ bundle, source: 'cam', engine: 'webgl', faces: '2', ...settings })}`,
  );
  await waitFor(page, { frames, state: 'running' });
  const soakWorker = () => {
    const found = page.workers().find((one) => one.url() === worker);
    if (!found) throw new Error('the page does not run the worker of the soak test');
    return found;
  };
  return { context, page, errors, soakWorker };
}

/** Measures the resources of the paused page, when no frame is in flight. */
async function measure({ page, context, soakWorker }, browserCdp) {
  // A focused button would handle the space key.
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('Space');
  await waitFor(page, { state: 'paused' });
  const cdp = await context.newCDPSession(page);
  // The last frames are closed a moment after the pause.
  const counts = async () => {
    const worker = await soakWorker().evaluate(() => ({
      ...self.peekabooSoak,
      recoveries: self.peekabooSoak.recoveries,
    }));
    const { frames, gpu } = await page.evaluate(() => ({
      frames: window.peekabooWatch.frames,
      gpu: window.peekabooWatch.gpu,
    }));
    return { frames: frames + worker.frames, gpu, sessions: worker.sessions, recoveries: worker.recoveries };
  };
  let counted = await counts();
  for (let i = 0; i < 20 && counted.frames > 0; i += 1) {
    await new Promise((done) => setTimeout(done, SECOND / 4));
    counted = await counts();
  }
  const sizes = await heaps(cdp);
  await cdp.detach();
  const memory = await rendererMemory(browserCdp);
  await page.keyboard.press('Space');
  await waitFor(page, { state: 'running' });
  return { ...counted, heap: sizes.page, workerHeap: sizes.worker, memory };
}

async function loseSession({ page, soakWorker }) {
  const before = await soakWorker().evaluate(() => self.peekabooSoak.recoveries.length);
  const began = performance.now();
  await soakWorker().evaluate(() => self.peekabooSoak.lose());
  for (;;) {
    const { length } = await soakWorker().evaluate(() => self.peekabooSoak.recoveries);
    if (length > before) break;
    if (performance.now() - began > PATIENCE) throw new Error('the network did not recover');
    await new Promise((done) => setTimeout(done, 50));
  }
  await more(page, 1);
}

async function unplug({ page }) {
  await page.evaluate(() => {
    for (const track of window.peekabooWatch.tracks) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await waitFor(page, { error: 'camera-unplugged' });
  await page.getByRole('button', { name: 'Try again' }).click();
  await more(page, 3);
}

const setHidden = (page, hidden) =>
  page.evaluate((value) => {
    window.peekabooWatch.hidden = value;
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

/** Hides and shows the tab; resolves with whether tracking stopped meanwhile, once frames in flight had arrived. */
async function hide({ page }) {
  await setHidden(page, true);
  let off = false;
  for (let i = 0; i < 10 && !off; i += 1) {
    const before = Number((await data(page)).frames);
    await page.waitForTimeout(2 * SECOND);
    off = Number((await data(page)).frames) === before;
  }
  await setHidden(page, false);
  await more(page, 3);
  return off;
}

/** Counts how often the mouth was covered and the face lost, from the page's list of events. */
async function countEvents(page) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as JSON' }).first().click(),
  ]);
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  const events = JSON.parse(Buffer.concat(parts).toString());
  const count = (kind, phase) => events.filter((event) => event.kind === kind && event.phase === phase).length;
  return { covered: count('hand-over-mouth', 'start'), lost: count('face-lost', 'end') };
}

/** Schedule of the failures, in seconds from the start, spread over the run. */
function schedule({ minutes, losses, unplugs, hides }) {
  const seconds = minutes * 60;
  const spread = (count, what) =>
    Array.from({ length: count }, (_, i) => ({ at: (seconds * (i + 0.5 + 0.1 * what.length)) / (count + 1.5), what }));
  return [...spread(losses, 'lose'), ...spread(unplugs, 'unplug'), ...spread(hides, 'hide')].sort(
    (a, b) => a.at - b.at,
  );
}

async function runThrough(opened, options) {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / SECOND;
  const say = options.say ?? (() => undefined);
  let offWhileHidden = true;
  const doers = {
    lose: loseSession,
    unplug,
    async hide(of) {
      const off = await hide(of);
      offWhileHidden &&= off;
    },
  };
  for (const { at, what } of schedule(options)) {
    await opened.page.waitForTimeout(Math.max(0, at - seconds()) * SECOND);
    say(`${seconds().toFixed(0)} s: ${what}`);
    await doers[what](opened);
  }
  await opened.page.waitForTimeout(Math.max(0, options.minutes * 60 - seconds()) * SECOND);
  let counts = await countEvents(opened.page);
  // Continues until rounds that were missed without the camera, or on a busy machine, are made up for.
  while (Math.min(counts.covered, counts.lost) < options.rounds && seconds() < options.minutes * 60 * OVERTIME) {
    await opened.page.waitForTimeout(ROUND * SECOND);
    counts = await countEvents(opened.page);
  }
  return { seconds: seconds(), offWhileHidden, ...counts };
}

/** Destroys the network's WebGPU device; resolves with the milliseconds until its next result. */
async function loseWebGpu(browser, options, worker) {
  // On a software adapter a run takes seconds; the sample always shows a face to run on.
  const settings = { source: 'sample', provider: 'webgpu', clean: '1', faces: '1' };
  const opened = await openPage(browser, options, worker, settings, 1);
  const { soakWorker, page } = opened;
  const had = await soakWorker().evaluate(() => self.peekabooSoak.destroyDevice());
  if (!had) throw new Error('the network holds no WebGPU device');
  await more(page, 1);
  const { recoveries } = await soakWorker().evaluate(() => ({ recoveries: self.peekabooSoak.recoveries }));
  const { provider } = await data(page);
  await opened.context.close();
  return { ms: recoveries[0], provider };
}

/**
 * @param {SoakOptions} options
 */
export async function soak(options) {
  const say = options.say ?? (() => undefined);
  const drawing = await launchChromium({ gpu: false });
  const studio = await drawing.newPage();
  const camera = await cameraClip(studio, options.origin).finally(() => drawing.close());
  const browser = await launchChromium({ gpu: false, camera });
  try {
    const finder = await browser.newPage();
    await finder.goto(`${options.origin}/soak.html`);
    await finder.waitForFunction(() => document.documentElement.dataset.worker);
    const worker = await finder.evaluate(() => document.documentElement.dataset.worker);
    await finder.close();
    const browserCdp = await browser.newBrowserCDPSession();
    const opened = await openPage(browser, options, worker, { provider: 'wasm' });
    say('warm');
    // One whole round, so that everything that is created once exists.
    await opened.page.waitForTimeout(ROUND * SECOND);
    const before = await measure(opened, browserCdp);
    const run = await runThrough(opened, options);
    const after = await measure(opened, browserCdp);
    const { frames } = await data(opened.page);
    await opened.context.close();
    return {
      ...run,
      frames: Number(frames),
      losses: after.recoveries.slice(before.recoveries.length),
      errors: opened.errors,
      before,
      after,
      // A failure here does not discard the figures of the long run.
      ...(options.webgpu
        ? { webgpu: await loseWebGpu(browser, options, worker).catch(({ message: error }) => ({ error })) }
        : {}),
    };
  } finally {
    await browser.close();
  }
}
