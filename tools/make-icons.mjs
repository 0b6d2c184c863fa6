/** Draws the icons of the installed page from src/app/logo.svg into public/icons. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launchChromium } from './lib/chromium.mjs';
import { fail } from './lib/input-error.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, 'public/icons');
/** A maskable icon may be cut to a circle of 80 % of its width. */
const ICONS = [
  { file: 'icon-192.png', side: 192, share: 1 },
  { file: 'icon-512.png', side: 512, share: 1 },
  { file: 'icon-maskable-512.png', side: 512, share: 0.72 },
];
/** The logo's own background. */
const BACKGROUND = '#0d1220';

async function draw(page, logo, { side, share }) {
  const source = `data:image/svg+xml,${encodeURIComponent(logo)}`;
  const background = share < 1 ? BACKGROUND : 'transparent';
  await page.setViewportSize({ width: side, height: side });
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${background}">` +
      `<img src="${source}" width="${side * share}" height="${side * share}">`,
  );
  await page.locator('img').evaluate((picture) => picture.decode());
  return page.screenshot({ omitBackground: true });
}

async function drawIcons(browser) {
  const page = await browser.newPage();
  mkdirSync(OUT, { recursive: true });
  const logo = readFileSync(join(ROOT, 'src/app/logo.svg'), 'utf8');
  for (const icon of ICONS) writeFileSync(join(OUT, icon.file), await draw(page, logo, icon));
}

try {
  const browser = await launchChromium({ gpu: false });
  await drawIcons(browser).finally(() => browser.close());
} catch (error) {
  fail('make-icons', error);
}
