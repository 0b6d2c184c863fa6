import { clamp, ellipse, mixColour, noise, smoothstep, stroke } from './drawing.mjs';

/** Face paint in the model's UVs; colours with gamma 2.2, alpha where there is paint. */

const ORANGE = [0.96, 0.5, 0.08];
const DEEP = [0.82, 0.3, 0.03];
const WHITE = [0.97, 0.94, 0.88];
const BLACK = [0.05, 0.035, 0.03];

/** Drawn on the left half of 1024 × 1024 and mirrored: where strokes start, bend and end, and how wide they start. */
const STRIPES = [
  // Forehead, towards its middle.
  [
    [
      [512, 92],
      [500, 130],
      [512, 196],
    ],
    26,
  ],
  [
    [
      [452, 66],
      [462, 120],
      [494, 168],
    ],
    24,
  ],
  [
    [
      [392, 78],
      [420, 130],
      [480, 206],
    ],
    24,
  ],
  [
    [
      [330, 104],
      [372, 150],
      [452, 214],
    ],
    20,
  ],
  [
    [
      [272, 150],
      [322, 168],
      [380, 196],
    ],
    22,
  ],
  // Temple and cheek, from the edge inwards.
  [
    [
      [196, 214],
      [252, 226],
      [306, 262],
    ],
    24,
  ],
  [
    [
      [172, 286],
      [232, 286],
      [292, 308],
    ],
    24,
  ],
  [
    [
      [166, 356],
      [236, 372],
      [316, 392],
    ],
    26,
  ],
  [
    [
      [172, 428],
      [250, 448],
      [352, 440],
    ],
    28,
  ],
  [
    [
      [184, 502],
      [262, 520],
      [360, 492],
    ],
    28,
  ],
  [
    [
      [202, 574],
      [276, 586],
      [362, 548],
    ],
    26,
  ],
  [
    [
      [232, 644],
      [300, 640],
      [372, 600],
    ],
    24,
  ],
  [
    [
      [276, 706],
      [334, 690],
      [398, 654],
    ],
    22,
  ],
  [
    [
      [338, 756],
      [388, 728],
      [432, 704],
    ],
    20,
  ],
  // Bridge of the nose.
  [
    [
      [444, 300],
      [470, 318],
      [500, 322],
    ],
    12,
  ],
  [
    [
      [452, 350],
      [472, 364],
      [500, 366],
    ],
    11,
  ],
].map(([points, width]) => stroke(points, width));

/** Around the eye: upper and lower lid, tear line, wing. */
const EYE_LINES = [
  [
    [
      [446, 346],
      [404, 262],
      [334, 322],
    ],
    15,
  ],
  [
    [
      [446, 346],
      [400, 366],
      [340, 328],
    ],
    10,
  ],
  [
    [
      [440, 338],
      [452, 382],
      [452, 424],
    ],
    13,
  ],
  [
    [
      [348, 322],
      [318, 304],
      [282, 262],
    ],
    17,
  ],
].map(([points, width]) => stroke(points, width, { blunt: 0.25 }));

const BROW_PATCH = { at: [398, 262], radii: [72, 40], turn: 0.12 };
const UNDER_EYE = { at: [378, 372], radii: [70, 24], turn: 0.3 };
const MUZZLE = { at: [452, 558], radii: [82, 62], turn: -0.35 };
const CHIN = { at: [512, 706], radii: [96, 62] };
const FACE = { at: [512, 420], radii: [352, 392] };
const NOSE = { at: [512, 470], radii: [48, 34] };
const DOTS = [
  [420, 544],
  [398, 560],
  [424, 574],
  [400, 588],
  [446, 562],
];

export function tiger(size) {
  const scale = 1024 / size;
  return (px, py) => {
    const y = (py + 0.5) * scale;
    const x = 512 - Math.abs((px + 0.5) * scale - 512);
    // Bristles: the edge of each stroke trembles, finely along the strokes and not alike on both sides.
    const bristle = 2.6 * noise(px / 7, py / 7) + 1.6 * noise(px / 3, py / 3);
    const soft = (distance, blur) => smoothstep(blur, -blur, distance + bristle);
    const streaks = 0.5 + 0.5 * noise(px / 60 + noise(px / 40, py / 40), py / 5);
    let colour = mixColour(ORANGE, DEEP, clamp(smoothstep(-190, -20, ellipse(x, y, FACE)) * 0.9 + 0.22 * streaks));
    for (const patch of [BROW_PATCH, UNDER_EYE, MUZZLE, CHIN]) {
      colour = mixColour(colour, WHITE, 0.96 * soft(ellipse(x, y, patch), 12));
    }
    const nose = Math.max(ellipse(x, y, NOSE), (512 - x) * 0.85 + y - 530);
    const philtrum = Math.max(Math.abs(x - 512) - 5, 500 - y, y - 566);
    const dots = Math.min(...DOTS.map((at) => ellipse(x, y, { at, radii: [5.5, 5.5] })));
    const lines = [...STRIPES, ...EYE_LINES].map((draw) => draw(x, y));
    const black = Math.min(nose, philtrum, dots, ...lines);
    colour = mixColour(colour, BLACK, soft(black, 2.2));
    const alpha = soft(ellipse(x, y, FACE) + 14, 16) * (0.93 + 0.07 * streaks);
    return [...colour, alpha];
  };
}
