import { type WebSocket, WebSocketServer } from 'ws';

export interface Injected {
  readonly at: number;
  readonly faceFound: boolean;
  readonly values: ReadonlyMap<string, number>;
}

const DEFAULTS = [
  ...['FaceAngleX', 'FaceAngleY', 'FaceAngleZ', 'FacePositionX', 'FacePositionY', 'FacePositionZ', 'MouthOpen'],
  ...['MouthSmile', 'EyeOpenLeft', 'EyeOpenRight', 'Brows', 'TongueOut', 'CheekPuff'],
];

interface Request {
  readonly apiName: string;
  readonly apiVersion: string;
  readonly requestID: string;
  readonly messageType: string;
  // Whatever the client sends; each handler checks what it reads.
  readonly data: Record<string, unknown>;
}

/** A server of VTube Studio's public API, as its documentation describes it: the requests of a tracking plugin. */
export class VtsServer {
  readonly injected: Injected[] = [];
  readonly errors: string[] = [];
  readonly created = new Set<string>();
  readonly tokens = new Set<string>();
  /** Whether the user allows plugins. */
  allows = true;
  /** Whether requests are answered. */
  answers = true;
  #sockets = new Set<WebSocket>();
  #authenticated = new WeakSet<WebSocket>();

  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('message', (bytes) => this.#receive(socket, String(bytes)));
    });
  }

  static async open(port = 0): Promise<VtsServer> {
    const server = new WebSocketServer({ port, host: '127.0.0.1' });
    await new Promise<void>((done) => server.once('listening', done));
    return new VtsServer(server);
  }

  get port(): number {
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server is closed');
    return address.port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Ends all connections, as a crash does. */
  drop(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  #receive(socket: WebSocket, text: string): void {
    if (!this.answers) return;
    const request: Request = JSON.parse(text);
    const { requestID, messageType, data } = request;
    const answer = (type: string, content: object) => {
      const base = { apiName: 'VTubeStudioPublicAPI', apiVersion: '1.0', timestamp: 0, requestID };
      socket.send(JSON.stringify({ ...base, messageType: type, data: content }));
    };
    const refuse = (errorID: number, message: string) => {
      this.errors.push(message);
      answer('APIError', { errorID, message });
    };
    const handlers: Record<string, () => unknown> = {
      AuthenticationTokenRequest: () => {
        if (!isName(data.pluginName) || !isName(data.pluginDeveloper)) return refuse(52, 'invalid plugin name');
        if (!this.allows) return refuse(50, 'the user has denied the request');
        const authenticationToken = `token${this.tokens.size}`;
        this.tokens.add(authenticationToken);
        answer('AuthenticationTokenResponse', { authenticationToken });
      },
      AuthenticationRequest: () => {
        const authenticated = this.tokens.has(String(data.authenticationToken));
        if (authenticated) this.#authenticated.add(socket);
        answer('AuthenticationResponse', { authenticated, reason: authenticated ? '' : 'unknown token' });
      },
      ParameterCreationRequest: () => {
        const { parameterName, explanation, min, max, defaultValue } = data;
        if (!/^[a-zA-Z0-9]{4,32}$/.test(String(parameterName))) return refuse(350, 'invalid parameter name');
        if (String(explanation).length >= 256) return refuse(351, 'explanation too long');
        if (![min, max, defaultValue].every(isValue)) return refuse(352, 'invalid limits');
        this.created.add(String(parameterName));
        if (this.created.size > 100) return refuse(355, 'too many parameters');
        answer('ParameterCreationResponse', { parameterName });
      },
      InjectParameterDataRequest: () => {
        const values = data.parameterValues as { id: string; value: number }[];
        if (!Array.isArray(values) || values.length === 0) return refuse(450, 'no data');
        for (const { id, value } of values) {
          if (!this.created.has(id) && !DEFAULTS.includes(id)) return refuse(453, `no parameter ${id}`);
          if (!isValue(value)) return refuse(451, `invalid value of ${id}`);
        }
        const found = new Map(values.map(({ id, value }) => [id, value]));
        this.injected.push({ at: Date.now(), faceFound: data.faceFound === true, values: found });
        answer('InjectParameterDataResponse', {});
      },
    };
    const needsToken = !messageType.startsWith('Authentication');
    const handler = handlers[messageType];
    if (request.apiName !== 'VTubeStudioPublicAPI' || request.apiVersion !== '1.0') refuse(2, 'unknown API');
    else if (!/^[\x20-\x7e]{1,64}$/.test(requestID)) refuse(5, 'invalid request ID');
    else if (needsToken && !this.#authenticated.has(socket)) refuse(8, 'not authenticated');
    else if (handler) handler();
    else refuse(3, `unknown request ${messageType}`);
  }
}

const isName = (name: unknown) => typeof name === 'string' && name.length >= 3 && name.length <= 32;
const isValue = (value: unknown) => typeof value === 'number' && Math.abs(value) <= 1_000_000;
