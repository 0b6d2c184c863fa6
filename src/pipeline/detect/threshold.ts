/** Minimum score of a detection. Low: half a face has 0.15 to 0.3. */
export const THRESHOLD = 0.15;
