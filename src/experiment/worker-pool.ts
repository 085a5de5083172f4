import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { RunResult } from './results.js';
import type { RunTask } from './run-task.js';

/** Threads that do one task each at a time. */
export class WorkerPool<Task = RunTask, Result = RunResult> {
  private readonly pool: Tinypool;

  /** @param worker module whose default export does a task; default: simulates a run */
  constructor(workers: number, worker = new URL('./run-worker.js', import.meta.url)) {
    this.pool = new Tinypool({
      filename: fileURLToPath(worker),
      minThreads: workers,
      maxThreads: workers,
      // A thread is kept from one run to the next: it has compiled the simulator.
      isolateWorkers: false,
    });
  }

  execute(task: Task): Promise<Result> {
    return this.pool.run(task);
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
