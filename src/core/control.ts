/** Slots of the Int32Array by which a running kernel is told to stop and tells how far it is. */

/** 1 = stop as soon as you can; a kernel polls at least every 4,096 steps. */
export const CONTROL_CANCEL = 0;
/** Parts per 10,000 of the chunk that are done, written by the kernel. */
export const CONTROL_PROGRESS = 1;
/** Length of a control block. */
export const CONTROL_SLOTS = 2;
