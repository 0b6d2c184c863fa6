/**
 * Runs in the page before its own scripts: starts the tracker's worker from another address, counts what is opened and
 * closed, and gives access to camera tracks and to the hidden state of the tab.
 */
export function watchPage({ worker }) {
  const watch = { frames: 0, gpu: 0, tracks: [], hidden: false, lost: 0, covered: 0 };
  window.peekabooWatch = watch;

  window.Worker = new Proxy(Worker, {
    construct: (Real, [address, options]) => new Real(options?.name === 'peekaboo' ? worker : address, options),
  });

  window.VideoFrame = new Proxy(VideoFrame, {
    construct(Real, given) {
      watch.frames += 1;
      return new Real(...given);
    },
  });
  const { close } = VideoFrame.prototype;
  VideoFrame.prototype.close = function count() {
    if (this.codedWidth > 0) watch.frames -= 1;
    close.call(this);
  };

  const count = (prototype, names, by) => {
    for (const name of names) {
      const method = prototype?.[name];
      if (!method) continue;
      prototype[name] = function counted(...given) {
        // Deleting null has no effect.
        if (by > 0 || given.length === 0 || given[0]) watch.gpu += by;
        return method.apply(this, given);
      };
    }
  };
  const kinds = ['Buffer', 'Texture', 'Framebuffer', 'Renderbuffer', 'VertexArray', 'Program', 'Shader'];
  for (const kind of kinds) {
    count(window.WebGL2RenderingContext?.prototype, [`create${kind}`], 1);
    count(window.WebGL2RenderingContext?.prototype, [`delete${kind}`], -1);
  }
  count(window.GPUDevice?.prototype, ['createBuffer', 'createTexture'], 1);
  count(window.GPUBuffer?.prototype, ['destroy'], -1);
  count(window.GPUTexture?.prototype, ['destroy'], -1);

  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    watch.tracks = stream.getVideoTracks();
    return stream;
  };
  Object.defineProperty(document, 'hidden', { get: () => watch.hidden });
}
