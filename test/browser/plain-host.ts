import { createServer } from 'node:http';
import send from 'send';

export interface PlainHost {
  /** Address of the site. */
  readonly url: string;
  /** Names of the files that were sent, in order. */
  readonly sent: string[];
  /** Other contents of files by name; null: the file is missing. */
  readonly changed: Map<string, string | null>;
  close(): Promise<void>;
}

/** Serves a folder below a path as a simple host does: without any header of Peekaboo, and nothing outside the path. */
export async function servePlain(folder: string, path: string): Promise<PlainHost> {
  const sent: string[] = [];
  const changed = new Map<string, string | null>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname.slice(path.length) || 'index.html';
    const change = changed.get(name);
    if (!pathname.startsWith(path) || change === null) {
      response.writeHead(404).end();
      return;
    }
    sent.push(name);
    if (change !== undefined) {
      const type = name.endsWith('.html') ? 'text/html' : 'text/javascript';
      response.writeHead(200, { 'Content-Type': type }).end(change);
      return;
    }
    send(request, `/${pathname.slice(path.length)}`, { root: folder })
      .on('error', ({ status }: { status: number }) => response.writeHead(status).end())
      .pipe(response);
  });
  await new Promise<void>((done) => void server.listen(0, 'localhost', done));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server has no port');
  return {
    sent,
    changed,
    url: `http://localhost:${address.port}${path}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
