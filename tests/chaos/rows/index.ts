/** All rows in the order of the matrix. */
import type { Row } from '../row.js';
import { serverKilled } from './r01-server-killed.js';
import { nodeKilled } from './r02-node-killed.js';
import { nodeStopped } from './r03-node-stopped.js';
import { crash } from './r04-crash.js';
import { memory } from './r05-memory.js';
import { endless } from './r06-endless.js';
import { ownFailure } from './r07-own-failure.js';
import { redis } from './r08-redis.js';
import { diskFull } from './r09-disk-full.js';
import { ioError } from './r10-io-error.js';
import { locked } from './r11-locked.js';
import { readOnly } from './r12-read-only.js';
import { corruption } from './r13-corruption.js';
import { powerLoss } from './r14-power-loss.js';
import { partition } from './r15-partition.js';
import { badNetwork } from './r16-bad-network.js';
import { order } from './r17-order.js';
import { repeated } from './r18-repeated.js';
import { garbage } from './r19-garbage.js';
import { versions } from './r20-versions.js';
import { clocks } from './r21-clocks.js';
import { overload } from './r22-overload.js';
import { manyClients } from './r23-many-clients.js';
import { slowClients } from './r24-slow-clients.js';
import { digests } from './rd-digests.js';

export const ROWS: readonly Row[] = [
  serverKilled,
  nodeKilled,
  nodeStopped,
  crash,
  memory,
  endless,
  ownFailure,
  redis,
  diskFull,
  ioError,
  locked,
  readOnly,
  corruption,
  powerLoss,
  partition,
  badNetwork,
  order,
  repeated,
  garbage,
  versions,
  clocks,
  overload,
  manyClients,
  slowClients,
  digests,
];
