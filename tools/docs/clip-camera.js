/**
 * Runs before an example of the site: its camera is the sample clip, so that it works without a camera and a permission. With
 * the address #camera it is the visitor's camera.
 */
// The examples have a fixed size; the frame on the site may be smaller.
const fitting = document.createElement('style');
fitting.textContent = 'canvas { max-width: 100%; height: auto; }';
document.head.append(fitting);

if (location.hash !== '#camera') {
  const clip = new URL('sample.mp4', document.currentScript.src).href;

  const openClip = async () => {
    const video = Object.assign(document.createElement('video'), {
      src: clip,
      loop: true,
      muted: true,
      playsInline: true,
    });
    await video.play();
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    // In main memory: reading frames back from a graphics device without hardware blocks the tracker for minutes.
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const draw = () => {
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      video.requestVideoFrameCallback(draw);
    };
    draw();
    return canvas.captureStream(15);
  };

  // There are no media devices where the site is served without encryption.
  const devices = navigator.mediaDevices ?? new EventTarget();
  devices.getUserMedia = openClip;
  if (!navigator.mediaDevices) Object.defineProperty(navigator, 'mediaDevices', { value: devices });
}
