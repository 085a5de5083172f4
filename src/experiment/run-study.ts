import type { RunFailure, RunResult } from './results.js';
import { RunKeys } from './run-key.js';
import type { RunStore } from './run-store.js';
import type { Execute, RunTask } from './run-task.js';
import type { PlannedStudy } from './study.js';
import { firstLine } from './user-error.js';
import type { Versions } from './version.js';

export interface RunOptions {
  readonly execute: Execute;
  /** Runs in progress at a time. */
  readonly workers: number;
  readonly store: RunStore;
  readonly versions: Versions;
  /** Called once before the first run, with what is in the store already, and after every run. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** No run begins after it is aborted; those in progress are not waited for. */
  readonly signal?: AbortSignal;
}

export interface RunProgress {
  readonly total: number;
  /** Runs that were in the store. */
  readonly stored: number;
  /** Runs done or failed now. */
  readonly done: number;
  readonly failed: number;
}

export interface StudyOutcome {
  /** In the order of design points and replications, whatever the order in which they were done. */
  readonly results: RunResult[];
  readonly failures: RunFailure[];
  /** Whether it was stopped before all runs were done. */
  readonly isInterrupted: boolean;
  readonly progress: RunProgress;
}

/**
 * Runs every design point and replication that is not in the store. All points have their first
 * replication before any has its second, so that an interrupted study knows something of each.
 */
export function runStudy(study: PlannedStudy, options: RunOptions): Promise<StudyOutcome> {
  return new StudyRun(study, options).run();
}

class StudyRun {
  private readonly results = new Map<RunTask, RunResult>();
  private readonly failures = new Map<RunTask, RunFailure>();
  private readonly keys: RunKeys;
  private readonly tasks: RunTask[];
  private stored = 0;

  constructor(
    study: PlannedStudy,
    private readonly options: RunOptions,
  ) {
    this.keys = new RunKeys(options.versions);
    this.tasks = [];
    for (let replication = 1; replication <= study.replications; replication++) {
      for (const scenario of study.scenarios) this.tasks.push({ scenario, replication });
    }
  }

  async run(): Promise<StudyOutcome> {
    const { workers, signal } = this.options;
    const waiting = this.tasks.filter((task) => !this.readStored(task));
    this.report();
    const next = waiting.values();
    const stopped = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    const lanes = Array.from({ length: workers }, () => this.work(next));
    await Promise.race([Promise.all(lanes), stopped]);
    const sorted = [...this.tasks].sort(
      (a, b) => a.scenario.point - b.scenario.point || a.replication - b.replication,
    );
    return {
      results: sorted.flatMap((task) => this.results.get(task) ?? []),
      failures: sorted.flatMap((task) => this.failures.get(task) ?? []),
      isInterrupted: this.results.size + this.failures.size < this.tasks.length,
      progress: this.progress(),
    };
  }

  /** Each lane has one run in progress; all take from one list. */
  private async work(next: Iterator<RunTask>): Promise<void> {
    for (let turn = next.next(); !turn.done; turn = next.next()) {
      if (this.options.signal?.aborted) return;
      await this.runTask(turn.value);
      if (this.options.signal?.aborted) return;
      this.report();
    }
  }

  private async runTask(task: RunTask): Promise<void> {
    const key = this.keyOf(task);
    try {
      const result = await this.options.execute(task);
      if (this.options.signal?.aborted) return;
      this.options.store.write(key, result);
      // Read back: a stored run and a new one are the same to the last digit.
      this.results.set(task, this.options.store.read(key, labelsOf(task)) ?? result);
    } catch (error) {
      if (this.options.signal?.aborted) return;
      this.failures.set(task, failureOf(task, error));
    }
  }

  private readStored(task: RunTask): boolean {
    const result = this.options.store.read(this.keyOf(task), labelsOf(task));
    if (!result) return false;
    this.results.set(task, result);
    this.stored++;
    return true;
  }

  private keyOf({ scenario, replication }: RunTask): string {
    return this.keys.keyOf(scenario, replication);
  }

  private progress(): RunProgress {
    return {
      total: this.tasks.length,
      stored: this.stored,
      done: this.results.size + this.failures.size - this.stored,
      failed: this.failures.size,
    };
  }

  private report(): void {
    this.options.onProgress?.(this.progress());
  }
}

function labelsOf({ scenario, replication }: RunTask) {
  return { point: scenario.point, replication, factors: { ...scenario.factors } };
}

function failureOf({ scenario, replication }: RunTask, error: unknown): RunFailure {
  return {
    point: scenario.point,
    replication,
    factors: { ...scenario.factors },
    seed: scenario.seed,
    message: firstLine(error),
  };
}
