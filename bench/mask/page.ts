import type { MaskBenchOptions, MaskBenchResult } from './bench';

declare global {
  interface Window {
    /** Entry point of `npm run bench:mask`; loads the benchmark on the first call. */
    peekabooMaskBench?: (options: MaskBenchOptions) => Promise<MaskBenchResult>;
  }
}

window.peekabooMaskBench = async (options) => (await import('./bench')).benchMasks(options);
