import { camera, createTracker, drawOcclusion, facePose, VERTICAL_FOV } from 'peekaboo-face';
import * as THREE from 'three';

const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
const renderer = new THREE.WebGLRenderer({ alpha: true, antialias: true });
renderer.setSize(canvas.width, canvas.height);
// The camera in which the pose of a face is given, in millimetres.
const lens = new THREE.PerspectiveCamera(
  THREE.MathUtils.radToDeg(VERTICAL_FOV),
  canvas.width / canvas.height,
  10,
  5000,
);
const scene = new THREE.Scene();
scene.add(new THREE.HemisphereLight('white', 'gray', 3));

const glasses = new THREE.Group();
glasses.matrixAutoUpdate = false;
const frame = new THREE.MeshStandardMaterial({ color: 'midnightblue', roughness: 0.4 });
for (const side of [-1, 1]) {
  const rim = new THREE.Mesh(new THREE.TorusGeometry(24, 2.5, 12, 48), frame);
  rim.position.set(side * 31, 30, 16);
  const temple = new THREE.Mesh(new THREE.BoxGeometry(3, 4, 90), frame);
  temple.position.set(side * 68, 32, -30);
  glasses.add(rim, temple);
}
const bridge = new THREE.Mesh(new THREE.BoxGeometry(18, 4, 4), frame);
bridge.position.set(0, 35, 18);
glasses.add(bridge);
scene.add(glasses);

const tracker = await createTracker();
for await (const result of tracker.track(camera())) {
  const [face] = result.faces;
  context.drawImage(result.frame.image, 0, 0, canvas.width, canvas.height);
  if (face) {
    glasses.matrix.fromArray(facePose(face));
    renderer.render(scene, lens);
    context.drawImage(renderer.domElement, 0, 0);
    drawOcclusion(canvas, result);
  }
  document.querySelector('output').textContent = `faces: ${result.faces.length}`;
}
