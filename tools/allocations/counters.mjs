/**
 * Runs in the page or in a worker: counts what a heap profile does not see, which is the memory behind array buffers and
 * image data, and what is handed to WebGL. Buffers of received messages and of WebAssembly are not counted.
 */
export function installCounters() {
  const counts = { buffers: 0, bufferBytes: 0, draws: 0, clears: 0, uploads: 0, uploadBytes: 0 };
  globalThis.peekabooAllocations = counts;
  const addBuffer = (bytes) => {
    counts.buffers += 1;
    counts.bufferBytes += bytes;
  };
  const patch = (owner, name, after) => {
    const method = owner?.[name];
    if (!method) return;
    owner[name] = function counted(...given) {
      const result = method.apply(this, given);
      after(given, result);
      return result;
    };
  };

  /**
   * The class to construct: V8 gives arrays that a proxy constructs a hidden class of their own, which makes the code that
   * reads them about ten times slower and lets it allocate a heap number for each read.
   */
  const ordinary = (Real, target) => (target.prototype === Real.prototype ? Real : target);

  /** V8 keeps the elements of small typed arrays inside the object, where the heap profile counts them. */
  const INSIDE = 64;
  const addArray = (array) => array.byteLength > INSIDE && addBuffer(array.byteLength);
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const names = ['Int8', 'Uint8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64'];
  for (const name of names) {
    globalThis[`${name}Array`] = new Proxy(globalThis[`${name}Array`], {
      construct(Real, given, target) {
        const array = Reflect.construct(Real, given, ordinary(Real, target));
        if (!(given[0] instanceof ArrayBuffer || given[0] instanceof SharedArrayBuffer)) addArray(array);
        return array;
      },
    });
    patch(globalThis[`${name}Array`], 'from', (_, array) => addArray(array));
    patch(globalThis[`${name}Array`], 'of', (_, array) => addArray(array));
  }
  for (const name of ['slice', 'map', 'filter', 'toSorted', 'toReversed', 'with']) {
    patch(TypedArray.prototype, name, (_, array) => addArray(array));
  }
  patch(ArrayBuffer.prototype, 'slice', (_, buffer) => addBuffer(buffer.byteLength));
  globalThis.ArrayBuffer = new Proxy(ArrayBuffer, {
    construct(Real, given, target) {
      addBuffer(Number(given[0]) || 0);
      return Reflect.construct(Real, given, ordinary(Real, target));
    },
  });
  for (const context of ['CanvasRenderingContext2D', 'OffscreenCanvasRenderingContext2D']) {
    for (const name of ['getImageData', 'createImageData']) {
      patch(globalThis[context]?.prototype, name, (_, { data }) => addBuffer(data.byteLength));
    }
  }

  const gl = globalThis.WebGL2RenderingContext?.prototype;
  for (const name of ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced']) {
    patch(gl, name, () => {
      counts.draws += 1;
    });
  }
  const isVisible = (context) => context.getParameter(context.DRAW_FRAMEBUFFER_BINDING) === null;
  const clear = gl?.clear;
  if (clear) {
    gl.clear = function counted(mask) {
      if (mask & this.COLOR_BUFFER_BIT && isVisible(this)) counts.clears += 1;
      clear.call(this, mask);
    };
  }
  const bytesOf = (given) => {
    const source = given.findLast((value) => typeof value === 'object' && value !== null);
    return (
      source?.byteLength ??
      4 * (source?.displayWidth ?? source?.width ?? 0) * (source?.displayHeight ?? source?.height ?? 0)
    );
  };
  for (const name of ['bufferData', 'bufferSubData', 'texImage2D', 'texSubImage2D']) {
    patch(gl, name, (given) => {
      const bytes = bytesOf(given);
      if (bytes === 0) return;
      counts.uploads += 1;
      counts.uploadBytes += bytes;
    });
  }
}
