/** npm run track: faces of videos, images and folders of images into files. */
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fail, InputError } from './lib/input-error.mjs';
import { listInputs } from './track/inputs.mjs';
import { openTracker } from './track/tracker.mjs';

const whole = (low, high) => (text) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new InvalidArgumentError(`must be a whole number from ${low} to ${high}.`);
  }
  return value;
};

function readArguments() {
  const program = new Command('track')
    .description('Tracks faces in videos, images and folders of images. docs/formats.md describes the output.')
    .argument('<input...>', 'video, image, or folder of images')
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--bundle <name>', 'name of a bundle in public/models, or path of a bundle folder', 'peekaboo')
    .addOption(new Option('--provider <name>').choices(['auto', 'webgpu', 'wasm']).default('auto'))
    .option('--threads <n>', 'CPU threads of the network', whole(1, 64))
    .option('--smooth', 'smooth over time (videos)', false)
    .option('--faces <n>', 'maximum number of faces (videos: 8 at most)', whole(1, 64), 1)
    .option('--masks', 'write masks/NAME.png', false)
    .option('--meshes', 'write meshes/NAME.obj and meshes/landmarks7.json', false)
    .option('--overlay', 'write overlay/NAME.jpg', false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  return { inputs: program.args, ...program.opts() };
}

/** Images go to `out`; so does a video that is alone, several videos go to folders of their own below it. */
async function run({ inputs, out, ...options }) {
  const { images, videos } = listInputs(inputs);
  const tracker = await openTracker(options);
  try {
    console.error(`Network on ${tracker.provider}`);
    if (images.length > 0) {
      const { tracked, skipped } = await tracker.images(images, out);
      for (const line of skipped) console.error(line);
      if (tracked === 0 && videos.length === 0) throw new InputError('none of the images can be read');
      console.log(`${out}: ${tracked} images${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
    }
    const alone = images.length === 0 && videos.length === 1;
    for (const video of videos) {
      const folder = alone ? out : join(out, video.name);
      console.log(`${folder}: ${await tracker.video(video, folder)} frames`);
    }
  } finally {
    await tracker.close();
  }
}

run(readArguments()).catch((error) => fail('track', error));
