/** Whether this thread can create a WebGL 2 context. WebKit has none in workers. */
export function hasWebGl(): boolean {
  try {
    const context = new OffscreenCanvas(1, 1).getContext('webgl2');
    // Browsers limit the number of contexts.
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}
