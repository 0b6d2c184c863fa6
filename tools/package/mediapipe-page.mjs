/**
 * Runs in a browser: finds the faces of pictures in several poses with the FaceLandmarker that it is given, MediaPipe's own
 * or Peekaboo's.
 */

const WIDTH = 640;
const HEIGHT = 480;

/** Frames of the sample clip (seconds), turned clockwise (degrees), scaled and moved (pixels). */
export const PICTURES = [
  { time: 2 },
  { time: 10 },
  { time: 20 },
  { time: 30 },
  { time: 40 },
  { time: 50 },
  { time: 10, turn: 25 },
  { time: 10, turn: -25 },
  { time: 10, scale: 0.6, x: -140, y: 60 },
  { time: 10, scale: 0.6, x: 140, y: -60 },
  { time: 20, scale: 1.3 },
];

const happened = (target, name) => new Promise((done) => target.addEventListener(name, done, { once: true }));

async function openVideo(url) {
  const video = document.createElement('video');
  video.src = url;
  video.muted = true;
  await happened(video, 'loadeddata');
  return video;
}

async function seek(video, time) {
  if (video.currentTime === time) return;
  // The event "seeked" can come before the new frame can be drawn.
  const presented = new Promise((done) => video.requestVideoFrameCallback(done));
  const sought = happened(video, 'seeked');
  video.currentTime = time;
  await Promise.all([sought, presented]);
}

function draw(canvas, video, { turn = 0, scale = 1, x = 0, y = 0 }) {
  const context = canvas.getContext('2d');
  context.resetTransform();
  context.fillStyle = '#888';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.translate(WIDTH / 2 + x, HEIGHT / 2 + y);
  context.rotate((turn * Math.PI) / 180);
  context.scale(scale, scale);
  context.drawImage(video, -WIDTH / 2, -HEIGHT / 2, WIDTH, HEIGHT);
}

/**
 * The results of all pictures.
 * @param {{ FaceLandmarker: any, FilesetResolver: any }} library
 * @param {object} [more] further options of the landmarker
 */
export async function detectPoses({ FaceLandmarker, FilesetResolver }, more = {}) {
  const files = await FilesetResolver.forVisionTasks('/wasm');
  const landmarker = await FaceLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetPath: '/face_landmarker.task', delegate: 'CPU' },
    runningMode: 'IMAGE',
    numFaces: 1,
    outputFaceBlendshapes: true,
    outputFacialTransformationMatrixes: true,
    ...more,
  });
  const video = await openVideo('/sample.mp4');
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const results = [];
  for (const picture of PICTURES) {
    await seek(video, picture.time);
    draw(canvas, video, picture);
    const { faceLandmarks, faceBlendshapes, facialTransformationMatrixes } = await landmarker.detect(canvas);
    results.push({ faceLandmarks, faceBlendshapes, facialTransformationMatrixes });
  }
  landmarker.close();
  return results;
}
