import type { Waiting } from './round-context';
import type { WaitingEntry } from './types';

/** A request that waits, with what it is told. */
export interface Answer {
  wait: Waiting;
  entry: WaitingEntry;
}
