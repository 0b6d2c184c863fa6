import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineBrowser, EnginePage } from './engine-page';

export interface WebKitOptions {
  /** WebKitWebDriver and MiniBrowser. */
  readonly driver: string;
  readonly browser: string;
  readonly display: string;
}

/** Seconds that the driver gets to answer at all. */
const PATIENCE = 20;

/** A script that calls a function and then WebDriver's callback. The page's content security policy forbids eval. */
const scriptOf = (work: string) => `
const [args, done] = arguments;
Promise.resolve().then(() => (${work})(...args))
  .then((value) => done({ value }), (error) => done({ error: String(error) }));`;

/** Starts MiniBrowser and drives it by WebDriver over HTTP. */
export async function openWebKit({ driver, browser, display }: WebKitOptions): Promise<EngineBrowser> {
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: '1' };
  const child = spawn(driver, [`--port=${port}`], { env, stdio: 'ignore' });
  try {
    const send = sender(`http://127.0.0.1:${port}`);
    await answering(send, child);
    const options = { binary: browser, args: ['--automation', '--enable-mock-capture-devices=true'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    const { sessionId } = await send<{ sessionId: string }>('POST', '/session', { capabilities });
    const session = `/session/${sessionId}`;
    await send('POST', `${session}/timeouts`, { script: 60_000, pageLoad: 60_000 });
    const close = async () => {
      await send('DELETE', session).catch(() => undefined);
      child.kill();
    };
    return { page: pageOf((method, path, body) => send(method, session + path, body)), close };
  } catch (error) {
    child.kill();
    throw error;
  }
}

type Send = <T>(method: string, path: string, body?: unknown) => Promise<T>;

function pageOf(send: Send): EnginePage {
  return {
    goto: (url) => send('POST', '/url', { url }),
    async run(work, ...args) {
      const body = { script: scriptOf(String(work)), args: [args] };
      const { value, error } = await send<{ value: never; error?: string }>('POST', '/execute/async', body);
      if (error) throw new Error(error);
      return value;
    },
    screenshot: async () => Buffer.from(await send<string>('GET', '/screenshot'), 'base64'),
  };
}

function sender(origin: string): Send {
  return async (method, path, body) => {
    const response = await fetch(origin + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  };
}

/** Waits until the driver answers. Throws where it ends or does not answer. */
async function answering(send: Send, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + PATIENCE * 1000; Date.now() < end; await delay(100)) {
    if (child.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${child.exitCode}`);
    if (await send('GET', '/status').catch(() => undefined)) return;
  }
  throw new Error('WebKitWebDriver does not answer');
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
