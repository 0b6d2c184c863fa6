/** npm start: prepares the models, builds, serves on localhost and prints the address. */
import { ensureBuilt } from './lib/build.mjs';
import { serve } from './lib/serve.mjs';

const PORT = 5180;

/** Listens on the default port, or on a free one if it is taken. A PORT in the environment is used as it is. */
async function listen() {
  if (process.env.PORT) return serve({ port: Number(process.env.PORT) });
  try {
    return await serve({ port: PORT });
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return serve();
  }
}

try {
  await ensureBuilt();
  const { origin } = await listen();
  console.log(`Peekaboo is at ${origin} (stop with Ctrl+C)`);
} catch (error) {
  console.error(`start: ${error.message}`);
  process.exitCode = 1;
}
