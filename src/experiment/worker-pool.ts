import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { RunResult } from './results.js';
import type { RunTask } from './run-task.js';

/** Worker threads that simulate; one run at a time each. */
export class WorkerPool {
  private readonly pool: Tinypool;

  constructor(workers: number) {
    this.pool = new Tinypool({
      filename: fileURLToPath(new URL('./run-worker.js', import.meta.url)),
      minThreads: workers,
      maxThreads: workers,
      // A thread is kept from one run to the next: it has compiled the simulator.
      isolateWorkers: false,
    });
  }

  execute(task: RunTask): Promise<RunResult> {
    return this.pool.run(task);
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
