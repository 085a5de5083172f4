import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunStore } from '../../../src/experiment/run-store.js';
import { type RunOptions, type RunProgress, runStudy } from '../../../src/experiment/run-study.js';
import type { RunTask } from '../../../src/experiment/run-task.js';
import { plannedStudy, resultOf, VERSIONS } from './planned-study.js';

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'fogplane-runs-'));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Options whose runs are counted; `done` has their points and replications in order. */
function counting(folder: string, changes: Partial<RunOptions> = {}) {
  const done: string[] = [];
  const options: RunOptions = {
    execute: async (task) => {
      done.push(`${task.scenario.point}/${task.replication}`);
      return resultOf(task);
    },
    workers: 1,
    store: new RunStore(folder),
    versions: VERSIONS,
    ...changes,
  };
  return { done, options };
}

const order = ({ point, replication }: { point: number; replication: number }) =>
  `${point}/${replication}`;

describe('runStudy', () => {
  it('does the first replication of every point before any second one', async () => {
    const { done, options } = counting(newFolder());
    const { results } = await runStudy(plannedStudy([1, 2, 4], 2), options);
    expect(done).toEqual(['1/1', '2/1', '3/1', '1/2', '2/2', '3/2']);
    expect(results.map(order)).toEqual(['1/1', '1/2', '2/1', '2/2', '3/1', '3/2']);
  });

  it.each([1, 2, 3, 8])(
    'orders results by point and replication with %i workers',
    async (workers) => {
      const execute = async (task: RunTask) => {
        // Later ones are done first.
        await new Promise((resolve) => setTimeout(resolve, 30 - 5 * task.scenario.point));
        return resultOf(task);
      };
      const { options } = counting(newFolder(), { workers, execute });
      const { results } = await runStudy(plannedStudy([1, 2, 4], 3), options);
      const { options: plain } = counting(newFolder());
      expect(results).toEqual((await runStudy(plannedStudy([1, 2, 4], 3), plain)).results);
    },
  );

  it('does not do again what is in the store, and gives the same', async () => {
    const folder = newFolder();
    const first = counting(folder);
    const { results } = await runStudy(plannedStudy([1, 2], 2), first.options);
    const second = counting(folder);
    const again = await runStudy(plannedStudy([1, 2], 2), second.options);
    expect(second.done).toEqual([]);
    expect(again.results).toEqual(results);
    expect(again.progress).toEqual({ total: 4, stored: 4, done: 0, failed: 0 });
  });

  it('adds only what is new to a study that has grown', async () => {
    const folder = newFolder();
    await runStudy(plannedStudy([1, 4], 2), counting(folder).options);
    const { done, options } = counting(folder);
    // The old points are now 1 and 3.
    const { results } = await runStudy(plannedStudy([1, 2, 4], 3), options);
    expect(done).toEqual(['2/1', '2/2', '1/3', '2/3', '3/3']);
    expect(results.map(order)).toEqual([
      ...['1/1', '1/2', '1/3', '2/1', '2/2', '2/3', '3/1', '3/2', '3/3'],
    ]);
    expect(results[6].factors).toEqual({ 'infrastructure.rtt-scale': '4' });
  });

  it('does again what other code did, or what is spoilt', async () => {
    const folder = newFolder();
    await runStudy(plannedStudy([1], 1), counting(folder).options);
    const edited = counting(folder, { versions: { ...VERSIONS, sources: 'def' } });
    await runStudy(plannedStudy([1], 1), edited.options);
    expect(edited.done).toEqual(['1/1']);
    for (const file of filesBelow(folder)) {
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40));
    }
    const spoilt = counting(folder);
    await runStudy(plannedStudy([1], 1), spoilt.options);
    expect(spoilt.done).toEqual(['1/1']);
  });

  it('goes on after a run that throws, and tries it again next time', async () => {
    const folder = newFolder();
    const execute = async (task: RunTask) => {
      if (task.scenario.point === 2) throw new Error('no consumer\n    at somewhere');
      return resultOf(task);
    };
    const { results, failures, isInterrupted } = await runStudy(
      plannedStudy([1, 2], 2),
      counting(folder, { execute }).options,
    );
    expect(results.map(order)).toEqual(['1/1', '1/2']);
    expect(failures.map(order)).toEqual(['2/1', '2/2']);
    expect(failures[0]).toMatchObject({ seed: '1', message: 'no consumer' });
    expect(isInterrupted).toBe(false);
    const { done, options } = counting(folder);
    await runStudy(plannedStudy([1, 2], 2), options);
    expect(done).toEqual(['2/1', '2/2']);
  });

  it('keeps what is done when it is interrupted', async () => {
    const folder = newFolder();
    const controller = new AbortController();
    const execute = (task: RunTask) => {
      if (task.scenario.point < 3) return Promise.resolve(resultOf(task));
      controller.abort();
      return new Promise<never>(() => {});
    };
    const options = { ...counting(folder).options, execute, signal: controller.signal };
    const outcome = await runStudy(plannedStudy([1, 2, 3, 4], 1), options);
    expect(outcome.isInterrupted).toBe(true);
    expect(outcome.results.map(order)).toEqual(['1/1', '2/1']);
    expect(outcome.failures).toEqual([]);
    expect(filesBelow(folder).every((file) => file.endsWith('.json'))).toBe(true);
    const rest = counting(folder);
    await runStudy(plannedStudy([1, 2, 3, 4], 1), rest.options);
    expect(rest.done).toEqual(['3/1', '4/1']);
  });

  it('tells how far it is', async () => {
    const folder = newFolder();
    await runStudy(plannedStudy([1], 1), counting(folder).options);
    const seen: RunProgress[] = [];
    const { options } = counting(folder, { onProgress: (progress) => seen.push(progress) });
    await runStudy(plannedStudy([1, 2], 1), options);
    expect(seen).toEqual([
      { total: 2, stored: 1, done: 0, failed: 0 },
      { total: 2, stored: 1, done: 1, failed: 0 },
    ]);
  });
});
