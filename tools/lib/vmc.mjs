/** Messages of the VMC protocol: what a performer sends over OSC. */
import { toBuffer } from 'osc-min';

const float = (value) => ({ type: 'float', value });
const string = (value) => ({ type: 'string', value });
const message = (address, ...args) => ({ oscType: 'message', address, args });

/**
 * One bundle for a frame.
 * @param {object} frame
 * @param {number} frame.time  seconds
 * @param {Record<string, number>} frame.blend  0 to 1 by the receiver's names
 * @param {Record<string, readonly [number, number, number, number]>} frame.bones  local rotations by Unity's names, in
 *   Unity's axes (x to the avatar's right, y up, z forwards)
 * @returns {Buffer}
 */
export function vmcBundle({ time, blend, bones }) {
  const elements = [
    message('/VMC/Ext/OK', { type: 'integer', value: 1 }),
    message('/VMC/Ext/T', float(time)),
    ...Object.entries(bones).map(([name, rotation]) =>
      message('/VMC/Ext/Bone/Pos', string(name), ...[0, 0, 0, ...rotation].map(float)),
    ),
    ...Object.entries(blend).map(([name, value]) => message('/VMC/Ext/Blend/Val', string(name), float(value))),
    message('/VMC/Ext/Blend/Apply'),
  ];
  const { buffer, byteOffset, byteLength } = toBuffer({ oscType: 'bundle', timetag: [0, 1], elements });
  return Buffer.from(buffer, byteOffset, byteLength);
}
