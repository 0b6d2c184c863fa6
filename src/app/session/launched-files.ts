import { Observable } from 'rxjs';
import { cacheName, FILE_NAME, sharedFileKey } from '../../service-worker/store';

interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Files with which the system opens the installed page, and files that other apps share with it. */
export function launchedFiles(): Observable<File> {
  return new Observable((subscriber) => {
    const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
    launchQueue?.setConsumer(({ files = [] }) => {
      const [first] = files;
      first?.getFile().then(
        (file) => subscriber.next(file),
        () => undefined,
      );
    });
    void takeSharedFile().then((file) => file && subscriber.next(file));
  });
}

/** The file that the service worker has received; it is removed there. Undefined where there is none. */
async function takeSharedFile(): Promise<File | undefined> {
  if (location.hash !== '#shared') return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  const base = new URL('./', document.baseURI).href;
  const cache = await caches.open(cacheName(base));
  const stored = await cache.match(sharedFileKey(base));
  if (!stored) return undefined;
  await cache.delete(sharedFileKey(base));
  const name = decodeURIComponent(stored.headers.get(FILE_NAME) ?? 'shared');
  return new File([await stored.blob()], name, { type: stored.headers.get('content-type') ?? '' });
}
