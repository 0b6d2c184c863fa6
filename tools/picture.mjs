/** node tools/picture.mjs [SECONDS] [FILE]: the README's picture, a frame of the sample clip as the page shows it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { goTo, isInClip, openClip } from './lib/sample-clip.mjs';
import { serve } from './lib/serve.mjs';

/** The stage is then 960 × 720, the clip's shape. */
const VIEWPORT = { width: 1296, height: 720 };

async function takePicture(origin, time, file) {
  const browser = await launchChromium({ gpu: false });
  try {
    const page = await openClip(browser, `${origin}/?engine=webgl&provider=wasm`, VIEWPORT);
    await goTo(page, time);
    mkdirSync(dirname(file), { recursive: true });
    await page.locator('#stage-area').screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

const [time = '47.3', file = 'docs/images/peekaboo.png'] = process.argv.slice(2);
if (!isInClip(Number(time))) {
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
