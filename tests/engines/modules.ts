/** The modules of dist that child.ts loads, by their types in src. */
import type { Run } from '../../src/contract/kind.js';
import type * as strategies from '../../src/core/bars/strategies.js';
import type * as table from '../../src/core/bars/table.js';
import type * as exp from '../../src/core/math/exp.js';
import type * as log from '../../src/core/math/log.js';
import type * as trig from '../../src/core/math/trig.js';
import type * as gbm from '../../src/core/price/simd/gbm.js';
import type * as normals from '../../src/core/price/simd/normals.js';
import type * as oracle from '../../src/core/price/simd/oracle.js';
import type * as stream from '../../src/core/rng/stream.js';
import type * as checkSpec from '../../src/jobs/check-spec.js';
import type * as digest from '../../src/wire/digest.js';
import type * as settle from '../../src/wire/settle.js';
import type * as registry from '../../src/kinds/registry.js';

/** Kinds whose examples run. */
export type ExamplesOf = 'paths' | 'market-making';

export interface Modules {
  'core/bars/strategies': typeof strategies;
  'core/bars/table': typeof table;
  'core/price/simd/normals': typeof normals;
  'core/price/simd/gbm': typeof gbm;
  'core/price/simd/oracle': typeof oracle;
  'core/math/exp': typeof exp;
  'core/math/log': typeof log;
  'core/math/trig': typeof trig;
  'core/rng/stream': typeof stream;
  'kinds/registry': typeof registry;
  'jobs/check-spec': typeof checkSpec;
  'wire/digest': typeof digest;
  'wire/settle': typeof settle;
  'kinds/paths/run': { run: Run };
  'kinds/market-making/run': { run: Run };
}
