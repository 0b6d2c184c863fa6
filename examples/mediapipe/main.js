// The only line that differs from an app for @mediapipe/tasks-vision:
import { DrawingUtils, FaceLandmarker, FilesetResolver } from 'peekaboo-face/mediapipe';

const video = document.querySelector('video');
const canvas = document.querySelector('canvas');
const output = document.querySelector('output');
const context = canvas.getContext('2d');
const drawingUtils = new DrawingUtils(context);
const { FACE_LANDMARKS_CONTOURS, FACE_LANDMARKS_LIPS } = FaceLandmarker;

let lastVideoTime = -1;

async function createFaceLandmarker() {
  const filesetResolver = await FilesetResolver.forVisionTasks('/wasm');
  const faceLandmarker = await FaceLandmarker.createFromOptions(filesetResolver, {
    baseOptions: { modelAssetPath: '/face_landmarker.task', delegate: 'GPU' },
    outputFaceBlendshapes: true,
    outputFacialTransformationMatrixes: true,
    runningMode: 'IMAGE',
    numFaces: 1,
  });
  await faceLandmarker.setOptions({ runningMode: 'VIDEO' });
  return faceLandmarker;
}

async function enableCamera() {
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  await new Promise((loaded) => video.addEventListener('loadeddata', loaded, { once: true }));
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
}

function describe({ faceLandmarks, faceBlendshapes, facialTransformationMatrixes }) {
  const jaw = faceBlendshapes[0]?.categories.find(({ categoryName }) => categoryName === 'jawOpen');
  const distance = facialTransformationMatrixes[0]?.data[14];
  return `faces: ${faceLandmarks.length}, jawOpen: ${jaw?.score.toFixed(1)}, distance: ${(-distance).toFixed(0)} cm`;
}

function predictWebcam() {
  if (lastVideoTime !== video.currentTime) {
    lastVideoTime = video.currentTime;
    const results = faceLandmarker.detectForVideo(video, performance.now());
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (const landmarks of results.faceLandmarks) {
      drawingUtils.drawConnectors(landmarks, FACE_LANDMARKS_CONTOURS, { color: '#E0E0E0', lineWidth: 2 });
      drawingUtils.drawConnectors(landmarks, FACE_LANDMARKS_LIPS, { color: '#FF3030', lineWidth: 2 });
      // The irises.
      drawingUtils.drawLandmarks(landmarks.slice(468), {
        color: '#30FF30',
        radius: ({ from }) => DrawingUtils.lerp(from.z, -0.15, 0.1, 3, 0.5),
      });
    }
    output.textContent = describe(results);
  }
  window.requestAnimationFrame(predictWebcam);
}

const faceLandmarker = await createFaceLandmarker();
await enableCamera();
predictWebcam();
