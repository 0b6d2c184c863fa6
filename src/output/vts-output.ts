import { BehaviorSubject, type Observable } from 'rxjs';
import type { Face } from '../face/types';
import { type SocketLike, VtsClosedError, VtsConnection, VtsError } from './vts-connection';
import { type VtsMapping, type VtsParameter, type VtsValue, vtsParameters, vtsValues } from './vts-parameters';

/**
 * off; connecting, also after a connection was lost; permission: the user must allow the plugin in VTube Studio; connected;
 * failed: until the next `start`. `text`: for the user.
 */
export interface VtsState {
  readonly phase: 'off' | 'connecting' | 'permission' | 'connected' | 'failed';
  readonly text: string;
}

/** Stores the token by which VTube Studio recognises the plugin. */
export interface TokenStore {
  read(): Promise<string | undefined>;
  write(token: string | undefined): Promise<void>;
}

export interface VtsOptions {
  /** For example ws://localhost:8001. */
  readonly url: string;
  readonly mapping: VtsMapping;
  readonly tokens: TokenStore;
  readonly openSocket: (url: string) => SocketLike;
}

const PLUGIN = { pluginName: 'Peekaboo', pluginDeveloper: 'The Peekaboo authors' } as const;
/** Milliseconds without new values after which the last ones are sent again: VTube Studio forgets them after a second. */
const REPEAT = 500;
const CHECK = 100;
/** Milliseconds without an answer to what was sent after which the connection is opened again. */
const SILENCE = 5000;
/** Milliseconds between attempts to connect: doubled from the first to the last. */
const FIRST_DELAY = 1000;
const LAST_DELAY = 8000;
/** Bytes in the browser's queue from which frames are left out. */
const MOST_BACKLOG = 100_000;

/** Sends a face to VTube Studio from `start` until `stop`. A lost connection is opened again. No method throws. */
export class VtsOutput {
  readonly #state$ = new BehaviorSubject<VtsState>({ phase: 'off', text: '' });
  readonly state$: Observable<VtsState> = this.#state$;
  readonly #parameters: readonly VtsParameter[];
  #connection: VtsConnection | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #delay = FIRST_DELAY;
  #values: readonly VtsValue[] = [];
  #faceFound = false;
  #sentAt = 0;
  /** When VTube Studio last answered, or the first request after its last answer was sent. */
  #waitingSince = 0;

  constructor(private readonly options: VtsOptions) {
    this.#parameters = vtsParameters(options.mapping);
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#check(), CHECK);
    void this.#connect();
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
    this.#timer = undefined;
    this.#connection?.close();
    this.#connection = undefined;
    this.#show('off', '');
  }

  /** Sends the values of the face; undefined or a held face counts as not found, and the last values stay. */
  send(face: Face | undefined): void {
    this.#faceFound = face !== undefined && face.state !== 'held';
    if (face && this.#faceFound) this.#values = vtsValues(this.#parameters, face);
    this.#inject();
  }

  async #connect(): Promise<void> {
    const { url, openSocket } = this.options;
    this.#show('connecting', `Connecting to VTube Studio at ${url} …`);
    let connection: VtsConnection;
    try {
      connection = new VtsConnection(openSocket(url));
    } catch {
      // The browser's policy forbids the address.
      this.#fail(`The page may not connect to ${url}. Start it with npm start -- --vts.`);
      return;
    }
    this.#connection = connection;
    void connection.closed.then(() => this.#lost(connection));
    try {
      await connection.opened;
      await this.#authenticate(connection);
      await this.#createParameters(connection);
    } catch (error) {
      if (this.#connection !== connection || error instanceof VtsClosedError) return;
      this.#fail(refusalOf(error));
      return;
    }
    if (this.#connection !== connection) return;
    this.#delay = FIRST_DELAY;
    this.#show('connected', 'VTube Studio receives the face.');
  }

  async #authenticate(connection: VtsConnection): Promise<void> {
    const { tokens } = this.options;
    const known = await tokens.read();
    if (known && (await isAccepted(connection, known))) return;
    // Switched off while the token was read: the text of the new state stays.
    if (this.#connection !== connection) throw new VtsClosedError('The output was switched off');
    this.#show('permission', 'Allow the plugin Peekaboo in VTube Studio.');
    const { authenticationToken } = await connection.request('AuthenticationToken', PLUGIN);
    const token = String(authenticationToken);
    await tokens.write(token);
    if (!(await isAccepted(connection, token))) throw new VtsError(0, 'the new token was not accepted');
  }

  async #createParameters(connection: VtsConnection): Promise<void> {
    for (const { id, isOwn, explanation, min, max } of this.#parameters) {
      if (!isOwn) continue;
      await connection.request('ParameterCreation', { parameterName: id, explanation, min, max, defaultValue: 0 });
    }
  }

  #inject(): void {
    const connection = this.#connection;
    if (!connection || this.#state$.value.phase !== 'connected' || this.#values.length === 0) return;
    if (connection.backlog > MOST_BACKLOG) return;
    this.#sentAt = Date.now();
    if (connection.pending === 0) this.#waitingSince = this.#sentAt;
    connection
      .request('InjectParameterData', { faceFound: this.#faceFound, mode: 'set', parameterValues: this.#values })
      .then(
        () => {
          this.#waitingSince = Date.now();
        },
        (error: unknown) => {
          if (error instanceof VtsError && this.#connection === connection) this.#fail(refusalOf(error));
        },
      );
  }

  /** Sends the last values again where there are no new ones, and opens a silent connection again. */
  #check(): void {
    if (this.#state$.value.phase !== 'connected') return;
    const now = Date.now();
    if (now - this.#sentAt >= REPEAT) this.#inject();
    const isWaiting = (this.#connection?.pending ?? 0) > 0;
    if (isWaiting && now - this.#waitingSince > SILENCE) this.#connection?.close();
  }

  #lost(connection: VtsConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    const { url } = this.options;
    this.#show(
      'connecting',
      `VTube Studio does not answer at ${url}. Start it, and switch on its plugin API. The connection is tried again.`,
    );
    this.#retry = setTimeout(() => void this.#connect(), this.#delay);
    this.#delay = Math.min(LAST_DELAY, 2 * this.#delay);
  }

  #fail(text: string): void {
    this.stop();
    this.#show('failed', text);
  }

  #show(phase: VtsState['phase'], text: string): void {
    this.#state$.next({ phase, text });
  }
}

async function isAccepted(connection: VtsConnection, authenticationToken: string): Promise<boolean> {
  const { authenticated } = await connection.request('Authentication', { ...PLUGIN, authenticationToken });
  return authenticated === true;
}

/** VTube Studio's number for a plugin that the user did not allow. */
const DENIED = 50;

function refusalOf(error: unknown): string {
  if (error instanceof VtsError && error.id === DENIED) {
    return 'The plugin was not allowed in VTube Studio. Switch the output on again and allow it there.';
  }
  return `VTube Studio refused the data (${error instanceof Error ? error.message : String(error)}).`;
}
