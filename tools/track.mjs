/** npm run track: faces of videos, images and folders of images into files. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { fail } from './lib/input-error.mjs';
import { EXPORT_FILES, readFormats } from './track/exports.mjs';
import { runRender } from './track/render.mjs';
import { runTrack } from './track/run.mjs';

const whole = (low, high) => (text) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new InvalidArgumentError(`must be a whole number from ${low} to ${high}.`);
  }
  return value;
};

const degrees = (text) => {
  const value = Number(text);
  if (!(value >= 5 && value <= 150)) throw new InvalidArgumentError('must be a number of degrees from 5 to 150.');
  return value;
};

const formats = (text) => {
  try {
    return readFormats(text);
  } catch (error) {
    throw new InvalidArgumentError(error.message);
  }
};

const CODES = `
Exit codes:
  0  everything was tracked
  1  the tracker failed
  2  invalid options or input, or nothing could be tracked
  3  some of the input could not be read; the rest was tracked
  130, 143  stopped by a signal (SIGINT, SIGTERM); continue with --resume`;

function readArguments() {
  const program = new Command('track')
    .description('Tracks faces in videos, images and folders of images. docs/formats.md describes the output.')
    .argument('<input...>', 'video, image, or folder of images')
    .option('--out <dir>', 'folder for the results')
    .option('--recursive', 'include subfolders', false)
    .addOption(new Option('--force', 'replace earlier results').conflicts('resume').default(false))
    .option('--resume', 'continue an interrupted run', false)
    .option('--bundle <name>', 'name of a bundle in public/models, or path of a bundle folder', 'peekaboo')
    .addOption(new Option('--provider <name>').choices(['auto', 'webgpu', 'wasm']).default('auto'))
    .addOption(new Option('--detector <name>').choices(['auto', 'mediapipe', 'onnx']).default('auto'))
    .option('--threads <n>', 'CPU threads of the network', whole(1, 8))
    .option('--smooth', 'smooth over time (videos)', false)
    .option('--faces <n>', 'maximum number of faces (videos: 8 at most)', whole(1, 64), 1)
    .option('--masks', 'write masks/NAME.png', false)
    .option('--meshes', 'write meshes/NAME.obj with its texture, and meshes/landmarks7.json', false)
    .option('--overlay', 'write overlay/NAME.jpg', false)
    .option('--points478', "write MediaPipe's 478 landmarks into frames.jsonl", false)
    .option('--csv', 'write frames.csv', false)
    .option('--npz', 'write faces.npz for numpy', false)
    .option('--export <formats>', `write animations of videos: ${Object.keys(EXPORT_FILES).join(',')}`, formats)
    .option('--render <file>', 'render the video with its faces into a .mp4, .webm or .zip (PNG sequence)')
    .option('--filter <names>', 'with --render: filters, separated by commas', (text) => text.split(','), [])
    .option('--avatar <file>', 'with --render: a .glb or .vrm file, or “character”')
    .option('--background <what>', 'with --render: transparent, blur, a colour such as 2a3350, or a picture')
    .addOption(new Option('--look <name>', 'with --render').choices(['face', 'wireframe', 'avatar', 'none']))
    .option('--no-occlusion', 'with --render: draw over what covers the face')
    .option('--fov <degrees>', 'vertical field of view of the camera', degrees, 63)
    .addHelpText('after', CODES)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = { inputs: program.args, ...program.opts() };
  if ((options.out === undefined) === (options.render === undefined)) {
    program.error('error: give either --out DIR for results or --render FILE for a video');
  }
  return options;
}

const { filter, avatar, background, look, occlusion, ...options } = readArguments();
const work =
  options.render === undefined
    ? runTrack(options)
    : runRender({ ...options, filter, avatar, background, look, occlusion });
work.catch((error) => fail('track', error));
