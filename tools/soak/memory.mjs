import { existsSync, readFileSync } from 'node:fs';

/** JavaScript heaps, after a collection, in bytes: the page's and its workers'. */
export async function heaps(cdp) {
  const page = await collected((method) => cdp.send(method));
  const { targetInfos } = await cdp.send('Target.getTargets');
  const workers = [];
  for (const { targetId } of targetInfos.filter(({ type, title }) => type === 'worker' && title === 'peekaboo')) {
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId });
    workers.push(await collected((method) => ask(cdp, sessionId, method)));
    await cdp.send('Target.detachFromTarget', { sessionId });
  }
  return { page, worker: workers.reduce((sum, bytes) => sum + bytes, 0) };
}

/** Twice: what the first collection finalises the second one frees. */
async function collected(send) {
  await send('HeapProfiler.collectGarbage');
  await send('HeapProfiler.collectGarbage');
  return (await send('Runtime.getHeapUsage')).usedSize;
}

let nextId = 0;

/** A command to a target without a session of its own. */
function ask(cdp, sessionId, method) {
  nextId += 1;
  const id = nextId;
  return new Promise((resolve, reject) => {
    const hear = (event) => {
      const answer = JSON.parse(event.message);
      if (event.sessionId !== sessionId || answer.id !== id) return;
      cdp.off('Target.receivedMessageFromTarget', hear);
      if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
      else resolve(answer.result);
    };
    cdp.on('Target.receivedMessageFromTarget', hear);
    cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(reject);
  });
}

/** Bytes of the renderers' memory, all of them together; undefined where the system does not tell. */
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
