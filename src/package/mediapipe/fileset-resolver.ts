/** In place of MediaPipe's: there is nothing to resolve, the files are in the assets folder. */
export const FilesetResolver = {
  async forVisionTasks(_path?: string, _useModule?: boolean): Promise<object> {
    return {};
  },
  /** Peekaboo needs WebAssembly with SIMD, which all browsers that it supports have. */
  async isSimdSupported(_useModule?: boolean): Promise<boolean> {
    return true;
  },
};
