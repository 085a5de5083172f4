import { describe, expect, it } from 'vitest';
import { createBus } from '../../../../src/cloud/bus/create-bus.js';
import { RabbitMqBus } from '../../../../src/cloud/bus/rabbitmq-bus.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note, withValues } from '../lab-wire.js';

const constants = loadBackend('rabbitmq');
const value = (name: string): number => constants.constants[name].value;
const PER_MESSAGE_MS = value('cpu-per-message');
const WAKE_UP_MS = value('cpu-per-wake-up');
const IN_QUEUE_MS = PER_MESSAGE_MS * value('queue-share');
const HOP_MS = value('cpu-per-hop');

function lab(sites = 1, interNodeMs = 0, cores = 2) {
  const simulator = new Simulator();
  const wire = LabWire.uniform(Math.max(sites, 3), interNodeMs);
  const members = membersAt(
    simulator,
    Array.from({ length: sites }, (_, site) => site),
    cores,
  );
  const bus = new RabbitMqBus({ id: 'bus', constants, simulator, wire, traffic: 7, members });
  return { simulator, wire, bus, journal: newJournal(simulator) };
}

/** Clients that keep one message of theirs in the broker, each on its own queue. */
class Publishers {
  passed = 0;

  constructor(
    readonly bus: RabbitMqBus,
    readonly queues: readonly number[],
  ) {}

  publish(client: number): void {
    this.bus.relay(this.queues[client], 0, 0, 1024, published, this, client);
  }
}

const published = defineEventKind('test-published', (publishers: Publishers, client: number) => {
  publishers.passed++;
  publishers.publish(client);
});

function saturate(clients: number, queueCount: number) {
  const { simulator, bus } = lab();
  const queues = Array.from({ length: queueCount }, (_, i) => bus.declareQueue(`q${i}`, 0));
  const publishers = new Publishers(
    bus,
    Array.from({ length: clients }, (_, client) => queues[client % queueCount]),
  );
  for (let client = 0; client < clients; client++) publishers.publish(client);
  simulator.runUntil(1000);
  return { perSecond: publishers.passed, cpuS: bus.results()[0].cpuS };
}

describe('RabbitMqBus, one broker', () => {
  it('takes the queue process as long as its share of the CPU, and the rest beside it', () => {
    const { simulator, bus, journal } = lab();
    const queue = bus.declareQueue('conductor', 0);
    bus.relay(queue, 0, 0, 0, note, journal, 5);
    simulator.run();
    expect(journal.entries).toEqual([{ argument: 5, ms: expect.closeTo(IN_QUEUE_MS, 9) }]);
    expect(bus.results()[0].cpuS * 1000).toBeCloseTo(
      PER_MESSAGE_MS + WAKE_UP_MS + (value('cpu-idle') / 1000) * simulator.now,
      9,
    );
  });

  it('costs OpenStack 0.48 ms of CPU a publish while it is idle in between', () => {
    const { simulator, bus, journal } = lab();
    const queue = bus.declareQueue('conductor', 0);
    // A server create: 48.6 publishes of 3.5 kB, 22.5 ms of broker CPU (OpenStack lab, footprints.csv).
    for (let i = 0; i < 486; i++) {
      bus.relay(queue, 0, 0, 171_042 / 48.6, note, journal, i);
      simulator.runFor(20);
    }
    const idleMs = (value('cpu-idle') / 1000) * simulator.now;
    const perCreateMs = (bus.results()[0].cpuS * 1000 - idleMs) / 10;
    expect(perCreateMs).toBeGreaterThan(22.5 * 0.95);
    expect(perCreateMs).toBeLessThan(22.5 * 1.05);
  });

  it('costs 70 us a message of 1 kB once it is never idle', () => {
    const { perSecond, cpuS } = saturate(64, 16);
    // 69.8 us measured (c_rpc_cpu_per_message.csv), besides what the idle broker does anyway.
    expect(((cpuS - value('cpu-idle') / 1000) / perSecond) * 1e6).toBeCloseTo(69.8, 0);
  });

  it('passes 20,000 messages a second through one queue, and more through several', () => {
    // 20,099 a second measured through one queue (c_oneway.csv, transient, confirms, 1024 B).
    expect(saturate(64, 1).perSecond / 20_099).toBeCloseTo(1, 2);
    // Two cores at 69.8 us a message.
    expect(saturate(64, 16).perSecond).toBeGreaterThan(2000 / 0.0698 / 1.02);
  });

  it('keeps the order of a queue, small behind large', () => {
    const { simulator, bus, journal } = lab();
    const queue = bus.declareQueue('conductor', 0);
    for (let i = 0; i < 20; i++) bus.relay(queue, 0, 0, i % 2 ? 10 : 1e6, note, journal, i);
    simulator.run();
    expect(journal.entries.map(({ argument }) => argument)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
  });

  it('lets a short queue overtake a long one', () => {
    const { simulator, bus, journal } = lab();
    const long = bus.declareQueue('long', 0);
    const short = bus.declareQueue('short', 0);
    for (let i = 0; i < 20; i++) bus.relay(long, 0, 0, 100_000, note, journal, i);
    bus.relay(short, 0, 0, 100, note, journal, 99);
    simulator.run();
    expect(journal.entries[0].argument).toBe(99);
  });

  it('charges each copy of a fanout', () => {
    const { simulator, bus } = lab();
    const queue = bus.declareQueue('agents', 0);
    bus.relayCopies(queue, 0, 0, 0, 200);
    simulator.run();
    const [{ cpuS }] = bus.results();
    // 8.5 ms measured for 200 consumers (c_fanout.csv).
    expect(cpuS * 1000).toBeGreaterThan(8.5 * 0.9);
    expect(cpuS * 1000).toBeLessThan(8.5 * 1.1);
  });

  it('counts connections: memory, heartbeats, and set-up once the run goes on', () => {
    const { simulator, bus } = lab();
    bus.connect(0, 145);
    simulator.runUntil(60_000);
    const before = bus.results()[0];
    // 121.4 MB and 0.0102 cores with 145 connections and 10.3 messages a second (scale.csv).
    expect(before.memoryBytes / 2 ** 20 / 121.4).toBeCloseTo(1, 1);
    expect(before.cpuS).toBeCloseTo(60 * (0.00209 + 145 * 3.58e-6), 6);
    bus.connect(0, 10);
    bus.connect(0, -5);
    simulator.runUntil(60_001);
    const after = bus.results()[0];
    expect(after.cpuS - before.cpuS).toBeGreaterThan(10 * 0.00696);
    expect(after.memoryBytes - before.memoryBytes).toBe(5 * 162 * 1024);
  });

  it('reports rate, queue and CPU since the last reset', () => {
    const { simulator, bus, journal } = lab(1, 0, 16);
    const queue = bus.declareQueue('conductor', 0);
    bus.relay(queue, 0, 0, 0, note, journal, 0);
    simulator.runUntil(500);
    bus.resetStatistics();
    for (let i = 0; i < 10; i++) bus.relay(queue, 0, 0, 0, note, journal, i);
    simulator.runUntil(1500);
    const [result] = bus.results();
    expect(result).toMatchObject({ component: 'rabbitmq/bus', site: 0, ratePerS: 10 });
    // Ten at once through one process: 10 + 9 + ... + 1 times its share, with cores to spare.
    expect(result.meanQueueLength).toBeCloseTo((55 * IN_QUEUE_MS) / 1000, 6);
    expect(result.utilisation).toBeCloseTo(result.cpuS / 16, 9);
  });
});

describe('RabbitMqBus, a cluster with classic queues', () => {
  /** Time of an RPC whose caller is at broker 0: request queue at `leader`, reply queue at 0. */
  function rpcMs(interNodeMs: number, leader: number, server: number): number {
    const { simulator, bus, journal } = lab(3, interNodeMs);
    const request = bus.declareQueue('request', leader);
    const reply = bus.declareQueue('reply', 0);
    const answer = defineEventKind('test-answer', () =>
      bus.relay(reply, server, 0, 1024, note, journal, 0),
    );
    bus.relay(request, 0, server, 1024, answer, undefined, 0);
    simulator.run();
    return journal.entries[0].ms;
  }

  it.each([
    // d_cluster_rpc.csv, classic, rpc_latency: p50 measured; client and RPC server included.
    { interNodeMs: 10, leader: 0, server: 0, measuredMs: 0.1506 },
    { interNodeMs: 10, leader: 0, server: 1, measuredMs: 11.5994 },
    { interNodeMs: 10, leader: 1, server: 0, measuredMs: 11.3936 },
    { interNodeMs: 50, leader: 0, server: 0, measuredMs: 0.1626 },
    { interNodeMs: 50, leader: 0, server: 1, measuredMs: 52.5667 },
    { interNodeMs: 50, leader: 1, server: 0, measuredMs: 51.3821 },
  ])('RPC at inter-node RTT $interNodeMs, leader $leader, server $server', (row) => {
    const simulatedMs = rpcMs(row.interNodeMs, row.leader, row.server);
    // What is missing is the lab's client, server and sleeping hosts.
    expect(row.measuredMs - simulatedMs).toBeGreaterThan(0);
    expect(row.measuredMs - simulatedMs).toBeLessThan(2.5);
  });

  it('confirms after no or one inter-node round trip', () => {
    const { bus } = lab(3, 50);
    const local = bus.declareQueue('local', 0);
    const remote = bus.declareQueue('remote', 1);
    // 0.43 and 51.39 ms measured (d_cluster_rpc.csv, classic, publish_confirm).
    expect(bus.confirmMs(local, 0)).toBeCloseTo(IN_QUEUE_MS, 9);
    expect(bus.confirmMs(remote, 0)).toBeCloseTo(50 + IN_QUEUE_MS, 9);
  });

  it('charges both brokers of a hop and its bytes', () => {
    const { simulator, bus, wire, journal } = lab(2, 10);
    const queue = bus.declareQueue('remote', 1);
    bus.relay(queue, 0, 1, 500, note, journal, 0);
    simulator.run();
    const idleMs = (value('cpu-idle') / 1000) * simulator.now;
    const [near, far] = bus.results();
    expect(near.cpuS * 1000 - idleMs).toBeCloseTo(HOP_MS + WAKE_UP_MS, 9);
    expect(far.cpuS * 1000 - idleMs).toBeCloseTo(
      PER_MESSAGE_MS + 0.5 * value('cpu-per-kilobyte') + WAKE_UP_MS,
      9,
    );
    expect(wire.sent).toEqual([{ from: 0, to: 1, bytes: 500, traffic: 7 }]);
  });

  it('keeps the order between two brokers although the wire shakes', () => {
    const simulator = new Simulator();
    let call = 0;
    const wire = { transitMs: () => [30, 10, 20][call++ % 3], roundTripMs: () => 20 };
    const bus = new RabbitMqBus({
      id: 'bus',
      constants,
      simulator,
      wire,
      traffic: 0,
      members: membersAt(simulator, [0, 1]),
    });
    const journal = newJournal(simulator);
    const queue = bus.declareQueue('remote', 1);
    for (let i = 0; i < 9; i++) bus.relay(queue, 0, 1, 100, note, journal, i);
    simulator.run();
    expect(journal.entries.map(({ argument }) => argument)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('loses what it cannot send to the leader, and works on', () => {
    const simulator = new Simulator();
    let cut = true;
    const wire = {
      transitMs: () => (cut ? Number.POSITIVE_INFINITY : 5),
      roundTripMs: () => 10,
    };
    const members = membersAt(simulator, [0, 1]);
    const bus = new RabbitMqBus({ id: 'bus', constants, simulator, wire, traffic: 0, members });
    const journal = newJournal(simulator);
    const queue = bus.declareQueue('remote', 1);
    bus.relay(queue, 0, 0, 100, note, journal, 1);
    simulator.run();
    cut = false;
    bus.relay(queue, 0, 0, 100, note, journal, 2);
    simulator.run();
    expect(journal.entries.map(({ argument }) => argument)).toEqual([2]);
  });

  it('connects a client to the nearest broker, ties to the first', () => {
    const simulator = new Simulator();
    const wire = new LabWire([
      [0, 5, 9],
      [5, 0, 9],
      [9, 9, 0],
    ]);
    const members = membersAt(simulator, [1, 0]);
    const bus = new RabbitMqBus({ id: 'bus', constants, simulator, wire, traffic: 0, members });
    expect([0, 1, 2].map((site) => bus.memberFor(site))).toEqual([1, 0, 0]);
  });
});

describe('createBus', () => {
  it('names the backends there are', () => {
    const simulator = new Simulator();
    const options = {
      id: 'bus',
      constants: { ...constants, backend: 'rabitmq' },
      simulator,
      wire: LabWire.uniform(1, 0),
      traffic: 0,
      members: membersAt(simulator, [0]),
    };
    expect(() => createBus(options)).toThrow(
      'no bus has the backend "rabitmq"; there are: qpid-dispatch, rabbitmq',
    );
    expect(createBus({ ...options, constants }).backend).toBe('rabbitmq');
  });

  it('names a constant that is missing', () => {
    const { 'cpu-per-hop': _, ...others } = constants.constants;
    const simulator = new Simulator();
    expect(() =>
      createBus({
        id: 'bus',
        constants: { ...constants, constants: others },
        simulator,
        wire: LabWire.uniform(1, 0),
        traffic: 0,
        members: membersAt(simulator, [0]),
      }),
    ).toThrow('models/backends/rabbitmq.yaml has no constant "cpu-per-hop"');
    expect(() => withValues(constants, { 'no-such': 1 })).toThrow('no constant no-such');
  });
});
