/** The ZeroMQ router keeps the contract of a transport. */
import { openRouter } from '../../src/router/socket.js';
import { conformance } from './conformance.js';

conformance('ZeroMQ', (options, bind) => openRouter({ ...options, ...(bind !== undefined && { bind }) }));
