/** Puts two series of prices side by side: the rows whose times both have. */

export interface Aligned {
  readonly timeS: Float64Array;
  readonly y: Float64Array;
  readonly x: Float64Array;
  /** Rows that the other series has not. */
  readonly onlyY: number;
  readonly onlyX: number;
}

/** Times must rise strictly. O(n + m). */
export function alignTimes(
  timeY: Float64Array,
  y: Float64Array,
  timeX: Float64Array,
  x: Float64Array,
): Aligned {
  const most = Math.min(y.length, x.length);
  const out = [new Float64Array(most), new Float64Array(most), new Float64Array(most)];
  let [i, j, rows] = [0, 0, 0];
  while (i < y.length && j < x.length) {
    if (timeY[i] === timeX[j]) {
      out[0][rows] = timeY[i];
      out[1][rows] = y[i++];
      out[2][rows++] = x[j++];
    } else if (timeY[i] < timeX[j]) i++;
    else j++;
  }
  const [timeS, alignedY, alignedX] = out.map((column) => column.subarray(0, rows));
  return { timeS, y: alignedY, x: alignedX, onlyY: y.length - rows, onlyX: x.length - rows };
}
