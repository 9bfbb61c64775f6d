/**
 * Brownian bridge: spends the first normals of a path on its coarse shape, so that the best coordinates of a
 * Sobol point decide most of it.
 *
 * The first normal sets the end of a Brownian motion over `steps` equal steps, the next its middle, and so
 * on, always the middle of the widest gap given its ends (Moskowitz & Caflisch 1996; Glasserman, "Monte
 * Carlo Methods in Financial Engineering", 2003, section 3.1). What comes out are the motion's increments,
 * divided by their standard deviation: an orthogonal transform, so independent standard normals become
 * independent standard normals. Two products and two sums a step.
 */
export class BrownianBridge {
  readonly steps: number;
  /** Of the i-th point to be set: its place, and the ends of its gap, as numbers of steps. */
  private readonly places: Int32Array;
  private readonly lefts: Int32Array;
  private readonly rights: Int32Array;
  private readonly leftWeights: Float64Array;
  private readonly rightWeights: Float64Array;
  private readonly sds: Float64Array;
  /** The motion at steps 0..steps. */
  private readonly motion: Float64Array;

  /** `steps` >= 1. */
  constructor(steps: number) {
    this.steps = steps;
    this.places = new Int32Array(steps);
    this.lefts = new Int32Array(steps);
    this.rights = new Int32Array(steps);
    this.leftWeights = new Float64Array(steps);
    this.rightWeights = new Float64Array(steps);
    this.sds = new Float64Array(steps);
    this.motion = new Float64Array(steps + 1);
    this.places[0] = steps;
    this.sds[0] = Math.sqrt(steps);
    // Gaps are a queue: each point splits the oldest gap with room, so the wide ones come first.
    const gaps = [[0, steps]];
    let set = 1;
    for (let g = 0; g < gaps.length; g++) {
      const [left, right] = gaps[g];
      if (right - left < 2) continue;
      const middle = (left + right) >> 1;
      const [before, after] = [middle - left, right - middle];
      this.places[set] = middle;
      this.lefts[set] = left;
      this.rights[set] = right;
      this.leftWeights[set] = after / (right - left);
      this.rightWeights[set] = before / (right - left);
      this.sds[set] = Math.sqrt((before * after) / (right - left));
      set++;
      gaps.push([left, middle], [middle, right]);
    }
  }

  /**
   * Writes the increments of each step to out[to..to+steps-1], standard normals if those at normals[from +
   * i * stride], i = 0..steps-1, are. The arrays may be the same only where they do not overlap.
   */
  increments(normals: Float64Array, from: number, stride: number, out: Float64Array, to: number): void {
    const { steps, motion, places, lefts, rights, leftWeights, rightWeights, sds } = this;
    motion[steps] = sds[0] * normals[from];
    for (let i = 1; i < steps; i++) {
      motion[places[i]] =
        leftWeights[i] * motion[lefts[i]] +
        rightWeights[i] * motion[rights[i]] +
        sds[i] * normals[from + i * stride];
    }
    for (let step = 0; step < steps; step++) out[to + step] = motion[step + 1] - motion[step];
  }
}
