import type { MaskBenchOptions, MaskBenchResult } from './bench';

declare global {
  interface Window {
    /** What `npm run bench:mask` calls; loads what it needs then. */
    peekabooMaskBench?: (options: MaskBenchOptions) => Promise<MaskBenchResult>;
  }
}

window.peekabooMaskBench = async (options) => (await import('./bench')).benchMasks(options);
