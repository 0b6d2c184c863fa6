/** node tools/picture.mjs [SECONDS] [FILE]: the README's picture, a frame of the sample clip as the page shows it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { launchChromium } from './chromium.mjs';
import { serve } from './serve.mjs';

/** Frames tracked before the picture is taken, so that the face has settled; the clip has 25 a second. */
const FRAMES_BEFORE = 8;
const FRAME = 1 / 25;
/** The stage is then 960 × 720, the clip's shape. */
const VIEWPORT = { width: 1296, height: 720 };
const PATIENCE = 60_000;

/** Keeps the page's video element at hand, which is in no document. Runs in the page. */
function rememberVideo() {
  const createElement = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const made = createElement(name, options);
    if (name === 'video') window.rememberedVideo = made;
    return made;
  };
}

/** Goes to a time of the paused clip and waits until its frame was tracked. */
async function seek(page, time) {
  const frames = await page.evaluate((seconds) => {
    window.rememberedVideo.pause();
    window.rememberedVideo.currentTime = seconds;
    return Number(document.documentElement.dataset.frames);
  }, time);
  const tracked = (before) => Number(document.documentElement.dataset.frames) > before;
  await page.waitForFunction(tracked, frames, { timeout: PATIENCE });
}

async function takePicture(origin, time, file) {
  const browser = await launchChromium({ gpu: false });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    await page.addInitScript(rememberVideo);
    await page.goto(`${origin}/?engine=webgl&provider=wasm`);
    await page.waitForFunction(() => Number(document.documentElement.dataset.frames) > 0, null, { timeout: PATIENCE });
    for (let i = FRAMES_BEFORE; i >= 0; i -= 1) await seek(page, time - i * FRAME);
    mkdirSync(dirname(file), { recursive: true });
    await page.locator('#stage-area').screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

const [time = '47.3', file = 'docs/images/peekaboo.png'] = process.argv.slice(2);
if (!(Number(time) >= 1 && Number(time) <= 53)) {
  console.error(`picture: SECONDS must be from 1 to 53, not ${time}`);
  process.exit(2);
}
await ensureBuilt();
const server = await serve();
try {
  await takePicture(server.origin, Number(time), file);
  console.log(`${file}: the sample clip at ${time} s`);
} finally {
  await server.close();
}
