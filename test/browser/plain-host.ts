import { createServer } from 'node:http';
import send from 'send';

/** Serves a folder below a path as a simple host does: without any header of Peekaboo, and nothing outside the path. */
export async function servePlain(folder: string, path: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!pathname.startsWith(path)) {
      response.writeHead(404).end();
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
    url: `http://localhost:${address.port}${path}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
