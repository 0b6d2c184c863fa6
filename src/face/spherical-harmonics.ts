/**
 * The nine spherical harmonics of a unit normal (camera axes: x right, y up, z to the viewer), into `out`, in the order
 * 1 y z x xy yz 3zz−1 xz xx−yy. Real form, no sign flips, no cosine lobe folded in.
 */
export function sh9(x: number, y: number, z: number, out: Float32Array): Float32Array {
  out[0] = 0.282095;
  out[1] = 0.488603 * y;
  out[2] = 0.488603 * z;
  out[3] = 0.488603 * x;
  out[4] = 1.092548 * x * y;
  out[5] = 1.092548 * y * z;
  out[6] = 0.315392 * (3 * z * z - 1);
  out[7] = 1.092548 * x * z;
  out[8] = 0.546274 * (x * x - y * y);
  return out;
}
