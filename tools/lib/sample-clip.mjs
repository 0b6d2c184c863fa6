/** Goes through the sample clip on the built page frame by frame, for tools that take pictures of it. */
const FRAMES_PER_SECOND = 25;
/** Frames tracked before the wanted one, so that the face has settled. */
const FRAMES_BEFORE = 8;
const PATIENCE = 120_000;
/** MediaPipe logs all of its messages as errors. */
const NOISE = /^(INFO|W\d{4}|I\d{4})/;

/** Gives access to the page's video element, which is not in the document. Runs in the page. */
function rememberVideo() {
  const createElement = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const made = createElement(name, options);
    if (name === 'video') window.rememberedVideo = made;
    return made;
  };
}

/**
 * Waits for a condition in the page; the error message contains the page's state.
 * @param {import('playwright-core').Page} page
 */
export async function waitFor(page, holds, argument) {
  try {
    await page.waitForFunction(holds, argument, { timeout: PATIENCE });
  } catch {
    const data = await page.evaluate(() => JSON.stringify(document.documentElement.dataset));
    throw new Error(`the page did not reach the expected state; its state is ${data}`);
  }
}

/** Goes to a time of the paused clip and waits until its frame was tracked. */
async function seek(page, time) {
  const frames = await page.evaluate((seconds) => {
    window.rememberedVideo.pause();
    window.rememberedVideo.currentTime = seconds;
    return Number(document.documentElement.dataset.frames);
  }, time);
  const tracked = (before) => Number(document.documentElement.dataset.frames) > before;
  await waitFor(page, tracked, frames);
}

/**
 * Opens the page at an address with the clip as its source; resolves when it tracks.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {{ width: number, height: number }} viewport
 * @param {(text: string) => void} [complain]  told the page's errors, and what its console has to warn of
 */
export async function openClip(browser, address, viewport, complain = () => {}) {
  const page = await browser.newPage({ viewport });
  page.on('pageerror', (error) => complain(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !NOISE.test(message.text())) complain(message.text());
  });
  await page.addInitScript(rememberVideo);
  await page.goto(address);
  await waitFor(page, () => Number(document.documentElement.dataset.frames) > 0);
  return page;
}

/** The frame at `time` seconds, tracked as in the running clip. */
export async function goTo(page, time) {
  const frame = Math.floor(time * FRAMES_PER_SECOND + 1e-6);
  // Seeks to the middle of each frame, so that rounding repeats none.
  for (let i = FRAMES_BEFORE; i >= 0; i -= 1) await seek(page, (frame - i + 0.5) / FRAMES_PER_SECOND);
}

/** Whether the clip has a frame there, with enough before it. */
export const isInClip = (time) => time >= 1 && time <= 53;
