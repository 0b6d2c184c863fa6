import { camera, createTracker, drawOcclusion } from './peekaboo/peekaboo-face.mjs';

const canvas = document.querySelector('canvas');
const output = document.querySelector('output');
const context = canvas.getContext('2d');

const tracker = await createTracker();
for await (const result of tracker.track(camera())) {
  context.drawImage(result.frame.image, 0, 0, canvas.width, canvas.height);
  context.fillStyle = 'crimson';
  for (const { landmarks68 } of result.faces) {
    for (let i = 0; i < 136; i += 2) context.fillRect(landmarks68[i] - 3, landmarks68[i + 1] - 3, 6, 6);
  }
  drawOcclusion(canvas, result);
  output.textContent = `faces: ${result.faces.length}`;
}
