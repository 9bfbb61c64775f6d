/** The modules of dist that child.ts loads, by their types in src. */

export type ExamplesOf = 'paths' | 'market-making';

export interface Modules {
  'core/price/simd/normals': typeof import('../../src/core/price/simd/normals.js');
  'core/price/simd/gbm': typeof import('../../src/core/price/simd/gbm.js');
  'core/price/simd/oracle': typeof import('../../src/core/price/simd/oracle.js');
  'core/math/exp': typeof import('../../src/core/math/exp.js');
  'core/math/log': typeof import('../../src/core/math/log.js');
  'core/math/trig': typeof import('../../src/core/math/trig.js');
  'core/rng/stream': typeof import('../../src/core/rng/stream.js');
  'kinds/registry': typeof import('../../src/kinds/registry.js');
  'jobs/check-spec': typeof import('../../src/jobs/check-spec.js');
  'jobs/digest': typeof import('../../src/jobs/digest.js');
  'jobs/settle': typeof import('../../src/jobs/settle.js');
  'kinds/paths/run': { run: import('../../src/contract/kind.js').Run };
  'kinds/market-making/run': { run: import('../../src/contract/kind.js').Run };
}
