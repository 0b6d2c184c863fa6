/** Runs in the page of occlusion-texture.test.ts: a mask as a 2D drawing, as a texture of WebGL 2, and of WebGPU. */
import type { TrackedFrame } from '../../src/face/types';
import { drawOcclusion } from '../../src/occlusion/draw-occlusion';
import { occlusionTexture } from '../../src/occlusion/occlusion-texture';

const WIDTH = 512;
const HEIGHT = 384;
const CELLS = 96;

/** A frame of one colour, and a turned face whose mask has a disc beside its middle. */
function trackedFrame(colour: string): TrackedFrame {
  const picture = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = picture.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.fillStyle = colour;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const occluder = Uint8Array.from({ length: CELLS * CELLS }, (_, i) =>
    Math.hypot((i % CELLS) - 30, Math.floor(i / CELLS) - 60) < 20 ? 255 : 0,
  );
  const mask = { width: CELLS, height: CELLS, extent: 1, occluder, skin: occluder, own: occluder };
  const face = { mask, crop: { centreX: 230, centreY: 180, side: 220, angle: 0.4 } };
  const image = new VideoFrame(picture, { timestamp: 0 });
  const frame = { image, time: 0, index: 0, width: WIDTH, height: HEIGHT, source: 'double' };
  return { frame, faces: [face] } as unknown as TrackedFrame;
}

/** The share of the frame at each pixel, 0 to 255: black frame pixels are drawn over white. */
function drawn(): number[] {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const tracked = trackedFrame('#000');
  drawOcclusion(canvas, tracked);
  tracked.frame.image.close();
  const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => 255 - (data[4 * i] ?? 0));
}

/** Alpha of every fourth byte, row by row from the top. */
const alphas = (bytes: Uint8Array) => Array.from({ length: bytes.length / 4 }, (_, i) => bytes[4 * i + 3] ?? 0);

/** The alpha of the WebGL texture, in a context in the state in which engines leave it. */
function webgl(): { alpha: number[]; state: boolean[] } {
  const gl = new OffscreenCanvas(8, 8).getContext('webgl2') as WebGL2RenderingContext;
  const other = gl.createTexture();
  const buffer = gl.createBuffer();
  gl.bindTexture(gl.TEXTURE_2D, other);
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  const tracked = trackedFrame('#000');
  const texture = occlusionTexture(gl, tracked);
  const again = occlusionTexture(gl, tracked, texture);
  tracked.frame.image.close();
  const state = [
    again === texture,
    gl.getParameter(gl.TEXTURE_BINDING_2D) === other,
    gl.getParameter(gl.PIXEL_UNPACK_BUFFER_BINDING) === buffer,
    gl.getParameter(gl.UNPACK_FLIP_Y_WEBGL),
    gl.getParameter(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL),
    gl.getError() === gl.NO_ERROR,
  ];
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const bytes = new Uint8Array(4 * WIDTH * HEIGHT);
  gl.readPixels(0, 0, WIDTH, HEIGHT, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  return { alpha: alphas(bytes), state };
}

const SHADER = `
@group(0) @binding(0) var mask: texture_2d<f32>;
@vertex fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i % 2) * 4 - 1, f32(i / 2) * 4 - 1, 0, 1);
}
@fragment fn copy(@builtin(position) at: vec4f) -> @location(0) vec4f { return textureLoad(mask, vec2i(at.xy), 0); }
`;

/** The texture drawn into another one, which can be read. */
async function readTexture(device: GPUDevice, texture: GPUTexture): Promise<Uint8Array> {
  const format = 'rgba8unorm';
  const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC;
  const target = device.createTexture({ size: [WIDTH, HEIGHT], format, usage });
  const module = device.createShaderModule({ code: SHADER });
  const fragment = { module, targets: [{ format } as const] };
  const pipeline = device.createRenderPipeline({ layout: 'auto', vertex: { module }, fragment });
  const entries = [{ binding: 0, resource: texture.createView() }];
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const size = 4 * WIDTH * HEIGHT;
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  const view = target.createView();
  const pass = encoder.beginRenderPass({ colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store' }] });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.draw(3);
  pass.end();
  encoder.copyTextureToBuffer({ texture: target }, { buffer, bytesPerRow: 4 * WIDTH }, [WIDTH, HEIGHT]);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(GPUMapMode.READ);
  return new Uint8Array(buffer.getMappedRange().slice(0));
}

/** The alpha of the WebGPU texture; null where the browser has no adapter. */
async function webgpu(): Promise<{ alpha: number[]; state: boolean[] } | null> {
  const device = await (await navigator.gpu?.requestAdapter())?.requestDevice();
  if (!device) return null;
  const tracked = trackedFrame('#000');
  const texture = occlusionTexture<GPUTexture>(device, tracked);
  const again = occlusionTexture<GPUTexture>(device, tracked, texture);
  tracked.frame.image.close();
  const alpha = alphas(await readTexture(device, texture));
  device.destroy();
  return { alpha, state: [again === texture] };
}

const occlusionDouble = { drawn, webgl, webgpu };
declare global {
  interface Window {
    occlusionDouble?: typeof occlusionDouble;
  }
}
window.occlusionDouble = occlusionDouble;
