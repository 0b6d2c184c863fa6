import { existsSync, readFileSync } from 'node:fs';
import { attachToWorkers } from '../lib/worker-session.mjs';

/** Bytes in use on the JavaScript heaps of the page and of its tracker workers, after a garbage collection. */
export async function heaps(cdp) {
  const page = await collected((method) => cdp.send(method));
  let worker = 0;
  for (const session of await attachToWorkers(cdp, 'peekaboo')) {
    worker += await collected(session.send);
    await session.detach();
  }
  return { page, worker };
}

/** Collects twice: objects that the first collection finalises are freed by the second. */
async function collected(send) {
  await send('HeapProfiler.collectGarbage');
  await send('HeapProfiler.collectGarbage');
  return (await send('Runtime.getHeapUsage')).usedSize;
}

/** Resident bytes of all renderer processes; undefined where the system does not report them. */
export async function rendererMemory(browserCdp) {
  const { processInfo } = await browserCdp.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => resident(id));
  return sizes.includes(undefined) ? undefined : sizes.reduce((sum, bytes) => sum + bytes, 0);
}

function resident(pid) {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(path, 'utf8'))?.[1];
  return kilobytes ? Number(kilobytes) * 1024 : undefined;
}
