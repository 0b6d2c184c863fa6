import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../tools/lib/chromium.mjs';
import { serve } from '../../tools/lib/serve.mjs';

const OUT = resolve('out');
const SITE = join(OUT, 'docs');
const GUIDES = [
  ...['First_face', 'Bundlers', 'Engines', 'From_MediaPipe', 'Offline', 'Content_security_policy', 'Licence'],
  'Performance',
];
const LINK = /\b(?:href|src)="([^"]+)"/g;

const pages = () =>
  readdirSync(SITE, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.html') && !name.startsWith('examples'),
  );

/** Links of a page to files of the site that do not exist. */
function brokenLinks(page: string): string[] {
  const html = readFileSync(join(SITE, page), 'utf8');
  const targets = [...html.matchAll(LINK)].map(([, target = '']) => target.replaceAll('&amp;', '&'));
  return targets
    .filter((target) => !/^(https?:|data:|mailto:|#|$)/.test(target))
    .filter((target) => {
      const path = join(SITE, dirname(page), decodeURIComponent(target.replace(/[?#].*$/, '')));
      return !path.startsWith(SITE) || !existsSync(path) || statSync(path).isDirectory();
    })
    .map((target) => `${page}: ${target}`);
}

describe('the documentation site', () => {
  beforeAll(() => {
    execFileSync(process.execPath, ['tools/docs.mjs', '--examples', 'vite,plain'], { stdio: 'ignore' });
  });

  it('PK19 has the guides, and every link leads to a file of the site', () => {
    for (const name of GUIDES) expect(existsSync(join(SITE, `documents/${name}.html`)), name).toBe(true);
    expect(pages().length).toBeGreaterThan(100);
    expect(pages().flatMap(brokenLinks)).toEqual([]);
  });

  it('PK19 examples are beside their code and share the files of the package', () => {
    const html = readFileSync(join(SITE, 'documents/Vite.html'), 'utf8');
    expect(html).toContain('examples/vite/src/main.ts');
    expect(html).toContain('src="../examples/vite/index.html"');
    const heavy = readdirSync(join(SITE, 'examples'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(wasm|onnx|tflite)$/.test(name),
    );
    expect(heavy.filter((name) => !name.startsWith('assets'))).toEqual([]);
  });

  it.each(['Vite', 'Plain_page'])('PK19 below a path, an example tracks the sample clip: %s', async (name) => {
    const server = await serve({ folders: [OUT], headers: {} });
    // No camera: the browser has none, and no permission is given.
    const browser = await launchChromium({ gpu: false, shared: false });
    try {
      const page = await (await browser.newContext({ permissions: [] })).newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(`${server.origin}/docs/documents/${name}.html`);
      const running = page.locator('iframe').contentFrame().getByText('faces: 1');
      await running.waitFor({ timeout: 90_000 }).catch(() => undefined);
      expect(errors).toEqual([]);
      expect(await running.textContent()).toBe('faces: 1');
      await page.screenshot({ path: `out/package/docs-${name}.png` });
      await page.setViewportSize({ width: 390, height: 800 });
      await page.screenshot({ path: `out/package/docs-${name}-390.png` });
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
