/** The tracker's worker for `npm run soak`: the network's device can be lost on command, and open resources are counted. */
import { DeviceLostError, type FocusSession, openSession } from '../../src/focus/session';
import { serveRequests } from '../../src/pipeline/serve-requests';
import { openTracking } from '../../src/pipeline/tracking';

declare const self: DedicatedWorkerGlobalScope;

interface Soak {
  /** Frames cloned minus frames closed in the worker. The page counts the frames that it sends. */
  frames: number;
  /** Sessions opened minus sessions closed. */
  sessions: number;
  /** Milliseconds from each loss to the first result of a new session. */
  readonly recoveries: number[];
  /** GPU buffers and textures of the network, created minus destroyed; 0 again after a device is lost. */
  gpu: number;
  /** Simulates a lost device: all later runs of the session fail. */
  lose(): void;
  /** Destroys the network's WebGPU device; false if it has none. */
  destroyDevice(): boolean;
}

let lostAt: number | undefined;
let loseNow: (reason: Error) => void = () => undefined;
let device: GPUDevice | undefined;

const soak: Soak = {
  frames: 0,
  sessions: 0,
  recoveries: [],
  gpu: 0,
  lose() {
    lostAt = performance.now();
    loseNow(new DeviceLostError('simulated device loss'));
  },
  destroyDevice() {
    lostAt = performance.now();
    device?.destroy();
    return device !== undefined;
  },
};
Object.assign(self, { peekabooSoak: soak });

/** Opens a session and adds a simulated device loss to it. */
const openFragile: typeof openSession = async (network, options) => {
  const session = await openSession(network, options);
  soak.sessions += 1;
  let closed = false;
  const lost = new Promise<never>((_, reject) => {
    loseNow = reject;
  });
  lost.catch(() => undefined);
  const fragile: FocusSession = {
    ...session,
    async run(image) {
      const output = await Promise.race([lost, session.run(image)]);
      if (lostAt !== undefined) soak.recoveries.push(performance.now() - lostAt);
      lostAt = undefined;
      return output;
    },
    close() {
      if (!closed) soak.sessions -= 1;
      closed = true;
      return session.close();
    },
  };
  return fragile;
};

const { close, clone } = VideoFrame.prototype;
VideoFrame.prototype.close = function count(this: VideoFrame) {
  if (this.codedWidth > 0) soak.frames -= 1;
  close.call(this);
};
VideoFrame.prototype.clone = function count(this: VideoFrame) {
  soak.frames += 1;
  return clone.call(this);
};

if (typeof GPUAdapter !== 'undefined') {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function remember(this: GPUAdapter, descriptor) {
    device = await requestDevice.call(this, descriptor);
    soak.gpu = 0;
    return device;
  };
  countOf(GPUDevice.prototype, ['createBuffer', 'createTexture'], 1);
  countOf(GPUBuffer.prototype, ['destroy'], -1);
  countOf(GPUTexture.prototype, ['destroy'], -1);
}

/** Adds `by` to the GPU count for every call of the named methods. */
function countOf(prototype: object, names: readonly string[], by: number): void {
  for (const name of names) {
    const method = Reflect.get(prototype, name) as (...given: unknown[]) => unknown;
    Reflect.set(prototype, name, function counted(this: unknown, ...given: unknown[]) {
      soak.gpu += by;
      return method.apply(this, given);
    });
  }
}

serveRequests((settings, onProgress) => openTracking(settings, onProgress, openFragile));
