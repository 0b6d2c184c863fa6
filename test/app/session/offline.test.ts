import { describe, expect, it, vi } from 'vitest';
import { Offline, type OfflineState } from '../../../src/app/session/offline';

class FakeWorker extends EventTarget {
  state: ServiceWorkerState = 'installing';
  readonly posted: unknown[] = [];

  postMessage(message: unknown): void {
    this.posted.push(message);
  }

  become(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class FakeRegistration extends EventTarget {
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  active: FakeWorker | null = null;
  readonly update = vi.fn(async () => undefined);
  readonly unregister = vi.fn(async () => true);
}

function open(registration = new FakeRegistration(), register = async () => registration) {
  const container = Object.assign(new EventTarget(), {
    controller: registration.active,
    register: vi.fn(register),
    getRegistration: async () => registration,
  });
  const reload = vi.fn();
  const offline = new Offline({
    container: container as unknown as ServiceWorkerContainer,
    base: 'https://host.example/some/path/',
    reload,
  });
  const states: OfflineState[] = [];
  offline.state$.subscribe((state) => void states.push(state));
  const updates = vi.fn();
  offline.update$.subscribe(updates);
  return { offline, container, registration, reload, states, updates };
}

const withActive = () => Object.assign(new FakeRegistration(), { active: new FakeWorker() });

describe('offline', () => {
  it('SW8 registers the worker of the site, and reports when its version is stored', async () => {
    const installing = new FakeWorker();
    const { offline, container, registration, states, updates } = open(
      Object.assign(new FakeRegistration(), { installing }),
    );
    await offline.start();
    expect(container.register.mock.calls[0]?.slice(0, 1)).toEqual(['https://host.example/some/path/sw.js']);
    installing.become('installed');
    registration.active = installing;
    installing.become('activated');
    expect(states).toEqual(['off', 'storing', 'ready']);
    expect(updates).not.toHaveBeenCalled();
  });

  it('SW8 a first version that cannot be stored is reported', async () => {
    const installing = new FakeWorker();
    const { offline, states } = open(Object.assign(new FakeRegistration(), { installing }));
    await offline.start();
    installing.become('redundant');
    expect(states.at(-1)).toBe('failed');
  });

  it('SW8 nothing happens without service workers, and a refused registration is reported', async () => {
    const reload = () => undefined;
    const none = new Offline({ container: undefined, base: 'http://host.example/', reload });
    await none.start();
    const refused = open(new FakeRegistration(), () => Promise.reject(new Error('insecure')));
    await refused.offline.start();
    expect(refused.states).toEqual(['off', 'failed']);
  });

  it('SW9 announces a new version when it is stored completely, and one that was waiting', async () => {
    const { offline, registration, updates, states } = open(withActive());
    await offline.start();
    registration.installing = new FakeWorker();
    registration.dispatchEvent(new Event('updatefound'));
    expect(updates).not.toHaveBeenCalled();
    registration.installing.become('installed');
    expect(updates).toHaveBeenCalledTimes(1);
    expect(states).toEqual(['off', 'ready']);
    const waiting = open(Object.assign(withActive(), { waiting: new FakeWorker() }));
    await waiting.offline.start();
    expect(waiting.updates).toHaveBeenCalledTimes(1);
  });

  it('SW9 a new version that cannot be stored is not announced; the stored one stays', async () => {
    const { offline, registration, updates, states } = open(withActive());
    await offline.start();
    registration.installing = new FakeWorker();
    registration.dispatchEvent(new Event('updatefound'));
    registration.installing.become('redundant');
    expect(updates).not.toHaveBeenCalled();
    expect(states.at(-1)).toBe('ready');
  });

  it('SW9 reloads the page when the new version is active', async () => {
    const waiting = new FakeWorker();
    const { offline, reload } = open(Object.assign(withActive(), { waiting }));
    await offline.start();
    offline.useUpdate();
    expect(waiting.posted).toEqual(['activate']);
    expect(reload).not.toHaveBeenCalled();
    waiting.become('activated');
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('SW9 looks for a new version once per hour at most', async () => {
    const { offline, registration } = open(withActive());
    await offline.start();
    for (const minutes of [60, 61, 119, 121]) offline.check(minutes * 60_000);
    expect(registration.update).toHaveBeenCalledTimes(2);
  });

  it('OF10 deletes the worker and what it has stored', async () => {
    const { offline, registration, states } = open(withActive());
    await offline.start();
    await offline.deleteAll();
    expect(registration.unregister).toHaveBeenCalledTimes(1);
    expect(states.at(-1)).toBe('off');
  });
});
