/** The mask of a tracked face in its frame's pixels, for those who draw or write it. */
export { occluderInFrame } from '../focus/mask';
