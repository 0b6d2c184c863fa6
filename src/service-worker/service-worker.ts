/**
 * The service worker. It stores a version of the site completely before the version is used, and answers with its files.
 * The build defines VERSION.
 */
import { answerWith } from './answer';
import { cacheName, createFileStore, FILE_NAME, type FileStore, SHARE_TARGET, sharedFileKey } from './store';
import type { Version } from './version';

declare const self: ServiceWorkerGlobalScope;
declare const VERSION: Version;

const BASE = new URL('./', self.location.href).href;
/** Holds the descriptions of the version in use and of the one before it. */
const DESCRIPTIONS = `${BASE}__stored/versions`;

const openCache = () => caches.open(cacheName(BASE));

async function openStore(): Promise<FileStore> {
  return createFileStore({ base: BASE, cache: await openCache(), request: (url, options) => fetch(url, options) });
}

async function readDescriptions(): Promise<readonly Version[]> {
  const found = await (await openCache()).match(DESCRIPTIONS);
  return found ? await found.json() : [];
}

/** The version before stays stored: pages that are still open load its files. */
async function activate(): Promise<void> {
  const earlier = (await readDescriptions()).filter(({ id }) => id !== VERSION.id).slice(0, 1);
  const versions = [VERSION, ...earlier];
  await (await openStore()).keepOnly(versions);
  await (await openCache()).put(DESCRIPTIONS, new Response(JSON.stringify(versions)));
}

/** The answer from this version or the one before; undefined for addresses that belong to neither. */
async function find(request: Request): Promise<Response | undefined> {
  const store = await openStore();
  for (const version of [VERSION, ...(await readDescriptions())]) {
    const stored = await store.read(version, request.url);
    if (stored) return answerWith(request, stored, version.headers);
  }
  return undefined;
}

async function answer(request: Request): Promise<Response> {
  try {
    return (await find(request)) ?? (await fetch(request));
  } catch (error) {
    // The server has another version by now, or there is no network. A page of it is loaded as a whole; single files of
    // it would be half a version.
    self.registration.update().catch(() => undefined);
    if (request.mode === 'navigate') return fetch(request);
    throw error;
  }
}

/** Keeps a file that another app shares, and opens the page, which takes it. */
async function receiveFile(request: Request): Promise<Response> {
  const file = (await request.formData()).get('file');
  if (file instanceof File) {
    const headers = {
      'content-type': file.type || 'application/octet-stream',
      [FILE_NAME]: encodeURIComponent(file.name),
    };
    await (await openCache()).put(sharedFileKey(BASE), new Response(file, { headers }));
  }
  return Response.redirect(`${BASE}#shared`, 303);
}

self.addEventListener('install', (event) => event.waitUntil(openStore().then((store) => store.storeAll(VERSION))));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'POST' && request.url === BASE + SHARE_TARGET) event.respondWith(receiveFile(request));
  if (request.method === 'GET' && request.url.startsWith(BASE)) event.respondWith(answer(request));
});
self.addEventListener('message', ({ data }) => {
  if (data === 'activate') void self.skipWaiting();
});
