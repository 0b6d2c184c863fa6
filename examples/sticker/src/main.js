import { camera, createTracker, drawOcclusion } from 'peekaboo-face';

const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');

/** A moustache between the nose and the mouth (points 33 and 51 of 68), as wide as the mouth and turned with the face. */
function drawMoustache({ landmarks68, crop }) {
  const [nose, lip, left, right] = [33, 51, 48, 54].map((i) => landmarks68.subarray(2 * i, 2 * i + 2));
  const width = Math.hypot(right[0] - left[0], right[1] - left[1]);
  context.save();
  context.translate((nose[0] + lip[0]) / 2, (nose[1] + lip[1]) / 2);
  context.rotate(crop.angle);
  context.scale(width / 2, width / 2);
  context.fillStyle = '#3a1d0a';
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(0, -0.15);
    context.bezierCurveTo(side * 0.6, -0.5, side, 0.5, side * 1.6, -0.2);
    context.bezierCurveTo(side * 1.3, 0.9, side * 0.4, 0.6, 0, 0.25);
    context.fill();
  }
  context.restore();
}

const tracker = await createTracker();
for await (const result of tracker.track(camera())) {
  context.drawImage(result.frame.image, 0, 0, canvas.width, canvas.height);
  result.faces.forEach(drawMoustache);
  drawOcclusion(canvas, result);
  document.querySelector('output').textContent = `faces: ${result.faces.length}`;
}
