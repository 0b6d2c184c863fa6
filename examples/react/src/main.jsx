import { drawOcclusion } from 'peekaboo-face';
import { useFaceTracker } from 'peekaboo-face/react';
import { StrictMode, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

function App() {
  const canvas = useRef(null);
  const [faces, setFaces] = useState(0);
  const { status, error } = useFaceTracker({
    onResult(result) {
      const context = canvas.current.getContext('2d');
      context.drawImage(result.frame.image, 0, 0, 640, 480);
      context.fillStyle = 'crimson';
      for (const { landmarks68 } of result.faces) {
        for (let i = 0; i < 136; i += 2) context.fillRect(landmarks68[i] - 3, landmarks68[i + 1] - 3, 6, 6);
      }
      drawOcclusion(canvas.current, result);
      setFaces(result.faces.length);
    },
  });
  return (
    <>
      <canvas ref={canvas} width={640} height={480} />
      <output>{status === 'error' ? String(error) : status === 'loading' ? 'loading…' : `faces: ${faces}`}</output>
    </>
  );
}

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
