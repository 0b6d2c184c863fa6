/** The bridge of `npm start -- --bridge`: frames that the page posts go to other programs over UDP. */
import { createSocket } from 'node:dgram';
import * as v from 'valibot';
import { InputError } from './input-error.mjs';
import { addressOf } from './outputs.mjs';
import { vmcBundle } from './vmc.mjs';

/** The path that accepts frames. */
export const BRIDGE_PATH = '/bridge';
/** Bytes of the largest frame. */
const MOST_BYTES = 64_000;

/** Encoders by the name of the protocol. */
const PROTOCOLS = { vmc: vmcBundle };

const number = v.pipe(v.number(), v.finite());
const name = v.pipe(v.string(), v.regex(/^\w{1,64}$/));
const frameSchema = v.object({
  time: number,
  blend: v.record(name, number),
  bones: v.record(name, v.strictTuple([number, number, number, number])),
});

/**
 * A target PROTOCOL=HOST:PORT.
 * @throws {InputError} for anything else
 */
export function targetOf(text) {
  const [, protocol, address] = /^(\w+)=(.*)$/.exec(text) ?? [];
  if (!protocol || !Object.hasOwn(PROTOCOLS, protocol)) {
    throw new InputError(`--bridge ${text}: a target is PROTOCOL=HOST:PORT, for example vmc=127.0.0.1:39539`);
  }
  return { protocol, ...addressOf('--bridge', address) };
}

/** Reads a body of at most MOST_BYTES; null for a longer one. */
async function readBody(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseFrame(text) {
  try {
    return v.parse(frameSchema, JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Opens the bridge.
 * @param {readonly string[]} texts  targets, as `targetOf` reads them
 */
export function openBridge(texts) {
  const targets = texts.map(targetOf);
  const socket = createSocket('udp4');
  // A receiver that is missing answers with an ICMP error, which is no reason to stop.
  socket.on('error', () => {});
  const send = (frame) => {
    for (const { protocol, host, port } of targets) socket.send(PROTOCOLS[protocol](frame), port, host, () => {});
  };
  return {
    targets: texts,
    /**
     * Answers a request to BRIDGE_PATH: 204 when the frame was sent. Only the page itself may post: a page of another
     * origin has another Origin header.
     * @returns {Promise<number>} the status
     */
    async answer(request) {
      if (request.headers.origin !== `http://${request.headers.host}`) return 403;
      const text = await readBody(request);
      if (text === null) return 413;
      const frame = parseFrame(text);
      if (!frame) return 400;
      send(frame);
      return 204;
    },
    close: () => socket.close(),
  };
}
