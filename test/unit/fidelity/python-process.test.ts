import { describe, expect, it } from 'vitest';
import { pythonProcess } from '../../../src/fidelity/probes/python-process.js';
import { defineEventKind } from '../../../src/kernel/event-kind.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { ProcessorSharing } from '../../../src/resources/processor-sharing.js';

interface Journal {
  readonly simulator: Simulator;
  readonly doneMs: number[];
}

const done = defineEventKind('test-python-done', ({ simulator, doneMs }: Journal) => {
  doneMs.push(simulator.now);
});

function finished(bursts: number): number[] {
  const simulator = new Simulator();
  const journal: Journal = { simulator, doneMs: [] };
  const process = pythonProcess(simulator, new ProcessorSharing(simulator, 2), 0.5);
  for (let burst = 0; burst < bursts; burst++) process.compute(1, done, journal, burst);
  simulator.run();
  return journal.doneMs;
}

describe('a process of Python', () => {
  it('computes a lone burst as long as it asks for', () => {
    expect(finished(1)).toEqual([1]);
  });

  it('hands its lock over while another thread waits, and not to nobody', () => {
    expect(finished(3)).toEqual([1.5, 3, 4]);
  });
});
