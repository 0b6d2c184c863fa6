// The only line that differs from an app for @mediapipe/tasks-vision:
import { DrawingUtils, FaceLandmarker, FilesetResolver } from 'peekaboo-face/mediapipe';

const video = document.querySelector('video');
const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
const drawing = new DrawingUtils(context);

const files = await FilesetResolver.forVisionTasks('https://cdn.jsdelivr.net/npm/@mediapipe/tasks-vision/wasm');
const landmarker = await FaceLandmarker.createFromOptions(files, {
  baseOptions: { modelAssetPath: 'face_landmarker.task', delegate: 'GPU' },
  outputFaceBlendshapes: true,
  runningMode: 'VIDEO',
  numFaces: 1,
});
video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
await video.play();

function predict() {
  const { faceLandmarks, faceBlendshapes } = landmarker.detectForVideo(video, performance.now());
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const landmarks of faceLandmarks) {
    drawing.drawConnectors(landmarks, FaceLandmarker.FACE_LANDMARKS_TESSELATION, { color: '#C0C0C070', lineWidth: 1 });
    drawing.drawConnectors(landmarks, FaceLandmarker.FACE_LANDMARKS_LIPS, { color: '#E0E0E0', lineWidth: 2 });
  }
  const jaw = faceBlendshapes[0]?.categories.find(({ categoryName }) => categoryName === 'jawOpen');
  document.querySelector('output').textContent = `faces: ${faceLandmarks.length} jawOpen: ${jaw?.score.toFixed(1)}`;
  requestAnimationFrame(predict);
}
predict();
