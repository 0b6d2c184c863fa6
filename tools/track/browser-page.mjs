/** The page of the headless tracker in Chromium, which is opened again after it has crashed. */
import { ensureBuilt } from '../lib/build.mjs';
import { launchChromium } from '../lib/chromium.mjs';
import { InputError } from '../lib/input-error.mjs';
import { serve } from '../lib/serve.mjs';

/** The page no longer answers: it crashed, hung, or its tracker stopped for good. */
export class PageLostError extends Error {
  name = 'PageLostError';
}

/** Playwright's messages when a page or its browser is gone. */
const GONE = /crashed|has been closed|Target closed|Browser closed|disconnected/i;

/** The message of an error in the page, without the page's stack. */
function plainMessage(error) {
  const [line = ''] = error.message.replace(/^page\.evaluate: /, '').split('\n');
  return line;
}

/** Chromium and a server for it; closing is idempotent. */
async function openBrowser(files, provider) {
  await ensureBuilt();
  const server = await serve({ files });
  try {
    const options = provider === 'wasm' ? { gpu: false } : {};
    const browser = await launchChromium({ ...options, signals: false });
    return { server, browser };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Opens the page with the tracker's settings; resolves with the page and the provider in use. */
async function openPage({ server, browser }, settings, onResults) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => process.env.DEBUG && console.error(`page: ${error.message}`));
  page.on('console', (message) => process.env.DEBUG && console.error(`page: ${message.text()}`));
  await page.exposeFunction('peekabooResults', onResults);
  await page.goto(`${server.origin}/track.html`);
  await page.waitForFunction(() => window.peekabooTrack !== undefined);
  const answer = await page.evaluate((options) => window.peekabooTrack.open(options), settings);
  if (answer.refused !== undefined) throw new InputError(answer.refused);
  return { page, provider: answer.value };
}

/**
 * Starts the page with the tracker's settings.
 * @param {Map<string, string>} files  what the page may read, as `serve` takes it; may grow later
 * @param {{ provider: string }} settings  OpenOptions of the page
 * @returns {Promise<BrowserPage>}
 * @throws {InputError} when the page refuses the bundle
 */
export async function openBrowserPage(files, settings) {
  let results = () => {};
  const onResults = (batch) => results(batch);
  let opened = await openBrowser(files, settings.provider);
  const closeAll = async () => {
    await opened.browser.close().catch(() => {});
    await opened.server.close();
  };
  const start = () => openPage(opened, settings, onResults);
  let current = start();
  const { provider } = await current.catch(async (error) => {
    await closeAll();
    throw error;
  });

  /** A page in place of a lost one; in a new browser when the whole browser is gone. */
  const reopen = async (lost) => {
    await lost.page.close().catch(() => {});
    if (!opened.browser.isConnected()) {
      await closeAll();
      opened = await openBrowser(files, settings.provider);
    }
    return start();
  };

  return {
    provider,
    async call(name, ...args) {
      const used = current;
      const { page } = await used;
      try {
        const answer = await page.evaluate(([method, values]) => window.peekabooTrack[method](...values), [name, args]);
        if (answer?.lost !== undefined) throw new PageLostError(answer.lost);
        return answer;
      } catch (error) {
        if (!(error instanceof PageLostError) && !GONE.test(error.message)) throw new Error(plainMessage(error));
        // Several calls lose the same page; the first of them opens the next one.
        if (current === used) current = reopen(await used);
        await current;
        throw error instanceof PageLostError ? error : new PageLostError('the browser ran out of memory or crashed');
      }
    },
    async kill() {
      const { page } = await current;
      await page.close();
    },
    onResults(listener) {
      results = listener;
    },
    close: closeAll,
  };
}

/**
 * @typedef {object} BrowserPage
 * @property {string} provider  where the network runs
 * @property {(name: string, ...args: unknown[]) => Promise<any>} call  calls a method of the page; rejects with
 *   PageLostError when the page is lost, after another one was opened
 * @property {() => Promise<void>} kill  ends a page that hangs: its calls reject with PageLostError
 * @property {(listener: (results: object[]) => void) => void} onResults  receives the results of the running video
 * @property {() => Promise<void>} close
 */
