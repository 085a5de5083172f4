import { describe, expect, it } from 'vitest';
import { createBus } from '../../../../src/cloud/bus/create-bus.js';
import type { QpidDispatchBus } from '../../../../src/cloud/bus/qpid-bus.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note, withValues } from '../lab-wire.js';

const constants = loadBackend('qpid-dispatch');
const value = (name: string): number => constants.constants[name].value;
const CORE_MS = value('cpu-per-message') * value('core-thread-share');

function lab(
  settings: Record<string, string> = {},
  { sites = 4, roundTripMs = 10, values = {} as Record<string, number> } = {},
) {
  const simulator = new Simulator();
  const wire = LabWire.uniform(sites, roundTripMs);
  const members = membersAt(
    simulator,
    Array.from({ length: sites }, (_, site) => site),
    4,
  );
  const bus = createBus({
    id: 'bus',
    constants: withValues(constants, values),
    simulator,
    wire,
    traffic: 7,
    members,
    settings,
  }) as QpidDispatchBus;
  return { simulator, wire, bus, journal: newJournal(simulator) };
}

describe('QpidDispatchBus', () => {
  it.each([
    ['mesh', 1, 3, 1],
    ['line', 0, 3, 3],
    ['line', 3, 1, 2],
    ['star', 1, 3, 2],
    ['star', 0, 3, 1],
  ])('forwards over a %s from router %i to %i in %i hops', (topology, from, to, hops) => {
    const { simulator, bus, journal } = lab({ topology });
    const queue = bus.declareQueue('q', to);
    bus.relay(queue, from, to, 1024, note, journal, 1);
    simulator.run();
    expect(journal.entries[0].ms).toBeCloseTo(hops * 5 + (hops + 1) * CORE_MS, 6);
    const passed = bus.results().reduce((sum, { cpuS }) => sum + cpuS, 0);
    const perRouterMs = value('cpu-per-message') + 1.024 * value('cpu-per-kilobyte');
    expect(passed * 1000).toBeGreaterThanOrEqual((hops + 1) * perRouterMs - 1e-9);
  });

  it('confirms when the receiver has settled: a round trip of the whole path', () => {
    const { bus } = lab({ topology: 'line' });
    const queue = bus.declareQueue('q', 3);
    expect(bus.confirmMs(queue, 0)).toBeCloseTo(30 + 4 * CORE_MS, 9);
    expect(bus.confirmMs(queue, 3)).toBeCloseTo(CORE_MS, 9);
    const preSettled = lab({ settlement: 'pre-settled' }).bus;
    expect(preSettled.confirmMs(preSettled.declareQueue('q', 3), 0)).toBe(0);
  });

  it('lets a sender without credit wait for the settlement', () => {
    const { simulator, bus, journal } = lab({}, { values: { 'link-capacity': 100 } });
    const queue = bus.declareQueue('q', 1);
    for (let i = 0; i < 250; i++) bus.relay(queue, 0, 1, 100, note, journal, i);
    simulator.run();
    const at = (i: number) => journal.entries[i].ms;
    expect(journal.entries.map(({ argument }) => argument)).toEqual(
      Array.from({ length: 250 }, (_, i) => i),
    );
    expect(at(99)).toBeLessThan(15);
    expect(at(100)).toBeGreaterThan(15);
    expect(at(200)).toBeGreaterThan(25);
  });

  it('takes no credit of pre-settled messages', () => {
    const { simulator, bus, journal } = lab(
      { settlement: 'pre-settled' },
      { values: { 'link-capacity': 100 } },
    );
    const queue = bus.declareQueue('q', 1);
    for (let i = 0; i < 250; i++) bus.relay(queue, 0, 1, 100, note, journal, i);
    simulator.run();
    expect(journal.entries[249].ms).toBeLessThan(25);
  });

  it('releases what cannot go on, and gives the credit back', () => {
    const values = { 'link-capacity': 100 };
    const { simulator, bus, journal } = lab({}, { roundTripMs: Infinity, values });
    const queue = bus.declareQueue('q', 1);
    for (let i = 0; i < 150; i++) bus.relay(queue, 0, 1, 100, note, journal, i);
    bus.relay(queue, 1, 1, 100, note, journal, 999);
    simulator.run();
    expect(bus.released).toBe(150);
    expect(journal.entries.map(({ argument }) => argument)).toEqual([999]);
  });

  it('passes one delivery at a time through the core thread', () => {
    const { simulator, bus, journal } = lab({ settlement: 'pre-settled' }, { sites: 1 });
    const queues = Array.from({ length: 40 }, (_, i) => bus.declareQueue(`q${i}`, 0));
    for (let i = 0; i < 40; i++) bus.relay(queues[i], 0, 0, 0, note, journal, i);
    simulator.run();
    expect(journal.entries[39].ms).toBeGreaterThanOrEqual(40 * CORE_MS - 1e-9);
  });

  it('counts connections in memory and CPU, and fanouts by their copies', () => {
    const { simulator, bus } = lab();
    bus.connect(0, 100);
    simulator.runUntil(1000);
    bus.connect(0, -40);
    const queue = bus.declareQueue('q', 1);
    bus.relayCopies(queue, 0, 1, 1000, 10);
    simulator.runUntil(2000);
    const [first, second] = bus.results();
    const bytes = value('memory-base') * 2 ** 20 + 60 * value('memory-per-connection') * 1024;
    expect(first.memoryBytes).toBeCloseTo(bytes, 0);
    expect(second.cpuS).toBeGreaterThan(first.cpuS);
    bus.resetStatistics();
    expect(bus.memberFor(2)).toBe(2);
  });

  it('names settings that it does not know', () => {
    expect(() => lab({ topology: 'ring' })).toThrow(
      'routers have no topology "ring"; there are: mesh, line, star',
    );
    expect(() => lab({ settlement: 'never' })).toThrow(
      'bus bus: settlement is "never", not unsettled or pre-settled',
    );
  });
});
