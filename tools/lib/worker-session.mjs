/** DevTools protocol commands to the workers of a page, through the session of the page. */

let lastId = 0;

/** Sends one command to a worker and waits for its result. Throws with the method's name when the worker refuses. */
function send(cdp, sessionId, method, params) {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    const onMessage = (event) => {
      const answer = JSON.parse(event.message);
      if (event.sessionId !== sessionId || answer.id !== id) return;
      cdp.off('Target.receivedMessageFromTarget', onMessage);
      if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
      else resolve(answer.result);
    };
    cdp.on('Target.receivedMessageFromTarget', onMessage);
    const message = JSON.stringify({ id, method, params });
    cdp.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject);
  });
}

/**
 * Attaches to the workers with the given name.
 * @param {import('playwright-core').CDPSession} cdp  session of the page
 * @param {string} name  as given to `new Worker`
 * @returns {Promise<{ send(method: string, params?: object): Promise<any>, detach(): Promise<void> }[]>}
 */
export async function attachToWorkers(cdp, name) {
  const { targetInfos } = await cdp.send('Target.getTargets');
  const workers = targetInfos.filter(({ type, title }) => type === 'worker' && title === name);
  return Promise.all(
    workers.map(async ({ targetId }) => {
      const { sessionId } = await cdp.send('Target.attachToTarget', { targetId });
      return {
        send: (method, params = {}) => send(cdp, sessionId, method, params),
        detach: () => cdp.send('Target.detachFromTarget', { sessionId }),
      };
    }),
  );
}
