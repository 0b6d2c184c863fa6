import { get, set } from 'idb-keyval';
import * as v from 'valibot';
import type { TokenStore } from '../../output/vts-output';

const schema = v.object({
  vts: v.nullable(v.pipe(v.string(), v.regex(/^ws:\/\/[\w.:[\]-]+$/))),
  /** Targets of the server's bridge, for display. */
  bridge: v.array(v.string()),
});

/** Addresses to which this server permits the page to send; null for none. */
export type Outputs = v.InferOutput<typeof schema>;

/** Reads what `npm start` has switched on. Nothing, where the file is missing or invalid. */
export async function readOutputs(): Promise<Outputs> {
  try {
    const response = await fetch(new URL('outputs.json', document.baseURI));
    return v.parse(schema, await response.json());
  } catch {
    return { vts: null, bridge: [] };
  }
}

const KEY = 'peekaboo-vts-token';

/** The token of VTube Studio in this browser; where it stores nothing, VTube Studio asks each time. */
export const vtsTokens: TokenStore = {
  async read() {
    const token = await get<unknown>(KEY).catch(() => undefined);
    return typeof token === 'string' ? token : undefined;
  },
  write: (token) => set(KEY, token).catch(() => undefined),
};
