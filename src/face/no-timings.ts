import type { Timings } from './types';

/** Of frames whose faces were not computed for them: previews and stored results. */
export const NO_TIMINGS: Timings = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };
