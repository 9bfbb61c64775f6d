/**
 * Log-likelihood, gradient and information of a component of a Hawkes process whose decay is given.
 *
 * At a given beta the excitations R_j and their slopes D_j = dR_j/dbeta before each event do not depend on
 * the other parameters, so they are computed once, n exponentials in all, and kept: a pass of a component
 * then takes its own events only, a logarithm and 2 d products each. The intensity is linear in mu and
 * alpha, so the information matrix is the Hessian itself, and Newton's method needs few passes. Model and
 * sources: hawkes-likelihood.ts. Memory 16 d bytes an event.
 */
import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { countTypes } from './hawkes-likelihood.js';
import type { EventStream } from './hawkes-likelihood.js';

export class DecayedStream {
  readonly beta: number;
  readonly types: number;
  /** Of each type: times of its events, and R_1..R_d, D_1..D_d before each of them. */
  readonly times: readonly Float64Array[];
  readonly states: readonly Float64Array[];
  /** Mass of the kernels of events of type j inside the sample, and its derivative in beta. */
  readonly masses: Float64Array;
  readonly massSlopes: Float64Array;

  constructor({ times, types, typeCount: d, horizon }: EventStream, beta: number) {
    const counts = countTypes({ times, types, typeCount: d, horizon });
    this.beta = beta;
    this.types = d;
    this.times = Array.from(counts, (n) => new Float64Array(n));
    this.states = Array.from(counts, (n) => new Float64Array(2 * d * n));
    const written = new Int32Array(d);
    const state = new Float64Array(2 * d);
    let previous = 0;
    for (let k = 0; k < times.length; k++) {
      decay(state, d, beta, times[k] - previous);
      previous = times[k];
      const type = types[k];
      const row = written[type]++;
      this.times[type][row] = previous;
      this.states[type].set(state, 2 * d * row);
      state[type]++;
    }
    decay(state, d, beta, horizon - previous);
    this.masses = counts.map((n, j) => (n - state[j]) / beta);
    this.massSlopes = this.masses.map((mass, j) => -(state[d + j] + mass) / beta);
  }

  /** As ComponentLikelihood of hawkes-likelihood.ts. */
  likelihood(
    component: number,
    ends: Float64Array,
    parameters: Float64Array,
    gradient: Float64Array,
  ): number {
    const { types: d, masses, massSlopes } = this;
    const times = this.times[component];
    const states = this.states[component];
    const segments = ends.length;
    gradient.fill(0);
    let logSum = 0;
    let slope = 0;
    let compensator = 0;
    let segment = 0;
    for (let k = 0; k < times.length; k++) {
      while (segment < segments - 1 && times[k] >= ends[segment]) segment++;
      const at = 2 * d * k;
      let lambda = parameters[segment];
      let weighted = 0;
      for (let j = 0; j < d; j++) {
        lambda += parameters[segments + j] * states[at + j];
        weighted += parameters[segments + j] * states[at + d + j];
      }
      const inverse = 1 / lambda;
      logSum += log(lambda);
      gradient[segment] += inverse;
      for (let j = 0; j < d; j++) gradient[segments + j] += states[at + j] * inverse;
      slope += weighted * inverse;
    }
    for (let s = 0; s < segments; s++) {
      const length = ends[s] - (s > 0 ? ends[s - 1] : 0);
      compensator += parameters[s] * length;
      gradient[s] -= length;
    }
    for (let j = 0; j < d; j++) {
      const alpha = parameters[segments + j];
      compensator += alpha * masses[j];
      gradient[segments + j] -= masses[j];
      slope -= alpha * massSlopes[j];
    }
    gradient[segments + d] = slope;
    return logSum - compensator;
  }

  /** As componentInformation of hawkes-likelihood.ts. */
  information(component: number, ends: Float64Array, parameters: Float64Array, matrix: Float64Array): void {
    const { types: d } = this;
    const times = this.times[component];
    const states = this.states[component];
    const segments = ends.length;
    const p = segments + d + 1;
    const v = new Float64Array(p);
    matrix.fill(0);
    let segment = 0;
    for (let k = 0; k < times.length; k++) {
      while (segment < segments - 1 && times[k] >= ends[segment]) segment++;
      const at = 2 * d * k;
      let lambda = parameters[segment];
      let weighted = 0;
      for (let j = 0; j < d; j++) {
        lambda += parameters[segments + j] * states[at + j];
        weighted += parameters[segments + j] * states[at + d + j];
        v[segments + j] = states[at + j];
      }
      v[p - 1] = weighted;
      const weight = 1 / (lambda * lambda);
      // The rates of other segments are 0 here.
      matrix[segment * p + segment] += weight;
      for (let a = segments; a < p; a++) {
        const scaled = v[a] * weight;
        matrix[a * p + segment] += scaled;
        for (let b = segments; b <= a; b++) matrix[a * p + b] += scaled * v[b];
      }
    }
    for (let a = 0; a < p; a++) for (let b = a + 1; b < p; b++) matrix[a * p + b] = matrix[b * p + a];
  }
}

/** Lets R_1..R_d and D_1..D_d decay over dt. */
function decay(state: Float64Array, d: number, beta: number, dt: number): void {
  const share = exp(-beta * dt);
  for (let j = 0; j < d; j++) {
    state[j] *= share;
    state[d + j] = share * state[d + j] - dt * state[j];
  }
}
