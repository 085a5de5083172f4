import type { FidelityTask, Outcome } from './set-up.js';
import { simulateSetUp } from './simulate-set-up.js';

/** What a worker thread does with a task of the ledger. */
export default function work(task: FidelityTask): Outcome {
  return simulateSetUp(task);
}
