/** A grid of anchors. */
export interface AnchorLayer {
  /** Side of a cell, pixels of the model's input. */
  readonly stride: number;
  /** Anchors in each cell, all at its centre. */
  readonly perCell: number;
}

/**
 * The centres of a model's anchors, x and y of each, in shares of the input's side. As in MediaPipe's
 * SsdAnchorsCalculator with anchors of fixed size; consecutive layers of one stride are one layer here.
 */
export function anchorCentres(size: number, layers: readonly AnchorLayer[]): Float32Array {
  const centres: number[] = [];
  for (const { stride, perCell } of layers) {
    const cells = Math.ceil(size / stride);
    for (let cell = 0; cell < cells * cells; cell++) {
      const x = ((cell % cells) + 0.5) / cells;
      const y = (Math.floor(cell / cells) + 0.5) / cells;
      for (let i = 0; i < perCell; i++) centres.push(x, y);
    }
  }
  return Float32Array.from(centres);
}
