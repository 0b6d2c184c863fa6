import * as v from 'valibot';

/** The part of a WebSocket that is used. */
export interface SocketLike {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** An answer of VTube Studio that is an error. */
export class VtsError extends Error {
  override readonly name = 'VtsError';

  constructor(
    /** As VTube Studio numbers its errors. */
    readonly id: number,
    message: string,
  ) {
    super(message);
  }
}

/** The connection ended before the answer. */
export class VtsClosedError extends Error {
  override readonly name = 'VtsClosedError';
}

const API = { apiName: 'VTubeStudioPublicAPI', apiVersion: '1.0' } as const;
const answerSchema = v.object({
  apiName: v.literal(API.apiName),
  requestID: v.string(),
  messageType: v.string(),
  data: v.record(v.string(), v.unknown()),
});

interface Pending {
  resolve(data: Readonly<Record<string, unknown>>): void;
  reject(error: Error): void;
}

/** One connection to VTube Studio's public API. It is open when `open` has resolved. */
export class VtsConnection {
  readonly #pending = new Map<string, Pending>();
  #requests = 0;
  #isClosed = false;
  /** Resolves when the connection is open; rejects with VtsClosedError. */
  readonly opened: Promise<void>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;

  constructor(private readonly socket: SocketLike) {
    let hasClosed = () => {};
    this.closed = new Promise((resolve) => {
      hasClosed = resolve;
    });
    this.opened = new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('close', () => {
        this.#isClosed = true;
        const error = new VtsClosedError('VTube Studio closed the connection');
        reject(error);
        for (const { reject: refuse } of this.#pending.values()) refuse(error);
        this.#pending.clear();
        hasClosed();
      });
    });
    this.opened.catch(() => undefined);
    // 'close' follows.
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('message', ({ data }) => this.#receive(data));
  }

  /** Number of requests without an answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Bytes that the browser could not send yet. */
  get backlog(): number {
    return this.socket.bufferedAmount;
  }

  /** Rejects with VtsError, or with VtsClosedError. */
  request(type: string, data: object): Promise<Readonly<Record<string, unknown>>> {
    if (this.#isClosed) return Promise.reject(new VtsClosedError('The connection to VTube Studio is closed'));
    this.#requests += 1;
    const requestID = `peekaboo${this.#requests}`;
    return new Promise((resolve, reject) => {
      this.#pending.set(requestID, { resolve, reject });
      this.socket.send(JSON.stringify({ ...API, requestID, messageType: `${type}Request`, data }));
    });
  }

  close(): void {
    this.socket.close();
  }

  #receive(text: unknown): void {
    const answer = v.safeParse(answerSchema, parsed(text));
    // Events and unknown messages are not for this plugin.
    if (!answer.success) return;
    const { requestID, messageType, data } = answer.output;
    const pending = this.#pending.get(requestID);
    if (!pending) return;
    this.#pending.delete(requestID);
    if (messageType === 'APIError') pending.reject(new VtsError(Number(data.errorID), String(data.message)));
    else pending.resolve(data);
  }
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
