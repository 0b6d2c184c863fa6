/** node tools/obs-pictures.mjs [SHAPE...]: the pictures of docs/obs.md, the page as a browser source shows it. */
import { ensureBuilt } from './lib/build.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { goTo, openClip } from './lib/sample-clip.mjs';
import { serve } from './lib/serve.mjs';

const SETTINGS = 'engine=webgl&provider=wasm&look=avatar&clean=1&transparent=1';
const SHAPES = { '16x9': [480, 270], '9x16': [270, 480], '1x1': [320, 320] };
/** A hand is in front of the face, seconds. */
const TIME = 48.4;

async function takePicture(origin, browser, [name, [width, height]]) {
  const page = await openClip(browser, `${origin}/?${SETTINGS}`, { width, height });
  await page.waitForFunction(() => document.documentElement.dataset.avatar !== '');
  await goTo(page, TIME);
  const path = `docs/images/obs-${name}.png`;
  await page.screenshot({ path, omitBackground: true });
  await page.close();
  console.log(path);
}

await ensureBuilt();
const server = await serve();
const browser = await launchChromium({ gpu: false });
try {
  const wanted = process.argv.slice(2);
  const shapes = Object.entries(SHAPES).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  for (const shape of shapes) await takePicture(server.origin, browser, shape);
} finally {
  await browser.close();
  await server.close();
}
