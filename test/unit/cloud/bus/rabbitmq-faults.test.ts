import { describe, expect, it } from 'vitest';
import { RabbitMqBus } from '../../../../src/cloud/bus/rabbitmq-bus.js';
import { PublishOutcome } from '../../../../src/cloud/bus/rabbitmq-publication.js';
import type { QueueReplication } from '../../../../src/cloud/bus/rabbitmq-queue-faults.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { LabWire, loadBackend, membersAt, newJournal, note } from '../lab-wire.js';

const RTT_MS = 20;
const BACKENDS: Record<QueueReplication, string> = {
  none: 'rabbitmq',
  mirrored: 'rabbitmq-mirrored',
  quorum: 'rabbitmq-quorum',
};

interface Answers {
  readonly simulator: Simulator;
  readonly at: { outcome: number; ms: number }[];
}

const answered = defineEventKind('test-publish-answered', (answers: Answers, outcome: number) => {
  answers.at.push({ outcome, ms: answers.simulator.now });
});

function cluster(
  replication: QueueReplication,
  members = 3,
  settings: Record<string, string | boolean> = {},
) {
  const simulator = new Simulator();
  const sites = Array.from({ length: members }, (_, site) => site);
  const bus = new RabbitMqBus(
    {
      id: 'bus',
      constants: loadBackend(BACKENDS[replication]),
      simulator,
      wire: LabWire.uniform(members, RTT_MS),
      traffic: 0,
      members: membersAt(simulator, sites),
      settings,
    },
    replication,
  );
  const answers: Answers = { simulator, at: [] };
  const publish = (queue: number, member: number) => bus.publish(queue, member, answered, answers);
  return { simulator, bus, membership: bus.membership, answers, publish };
}

describe('a member that is cut off', () => {
  it('is given up after the tick time and less than a quarter more', () => {
    const { simulator, membership } = cluster('none');
    simulator.runFor(1234);
    membership.cutOff([2]);
    simulator.runFor(60_000);
    expect([membership.sees(0, 2), membership.sees(2, 0)]).toEqual([true, true]);
    simulator.runFor(15_000);
    expect([membership.sees(0, 2), membership.sees(2, 0)]).toEqual([false, false]);
    expect(membership.sees(0, 1)).toBe(true);
  });

  it('pauses as a minority, and serves again after healing', () => {
    const { simulator, membership } = cluster('none');
    membership.cutOff([2]);
    simulator.runFor(75_000);
    expect([0, 1, 2].map((member) => membership.isServing(member))).toEqual([true, true, false]);
    expect(membership.isPaused(2)).toBe(true);
    simulator.runFor(20_000);
    membership.heal();
    simulator.runFor(10_000);
    expect(membership.isServing(2)).toBe(true);
    expect([membership.sees(0, 2), membership.sees(2, 1)]).toEqual([true, true]);
  });

  it('serves on where partitions are ignored', () => {
    const { simulator, membership } = cluster('none', 3, { 'partition-handling': 'ignore' });
    membership.cutOff([2]);
    simulator.runFor(100_000);
    expect(membership.isServing(2)).toBe(true);
  });

  it('is not missed when it is back before its ticks are', () => {
    const { simulator, membership } = cluster('none');
    membership.cutOff([2]);
    simulator.runFor(40_000);
    membership.heal();
    simulator.runFor(100_000);
    expect([membership.sees(0, 2), membership.sees(2, 0)]).toEqual([true, true]);
    expect(membership.isServing(2)).toBe(true);
  });

  it('pauses everybody where no side has a majority', () => {
    const { simulator, membership } = cluster('none', 2);
    membership.cutOff([1]);
    simulator.runFor(76_000);
    expect([membership.isPaused(0), membership.isPaused(1)]).toEqual([true, true]);
    membership.heal();
    simulator.runFor(10_000);
    expect([membership.isServing(0), membership.isServing(1)]).toEqual([true, true]);
  });
});

describe('a killed member', () => {
  it('is missed as soon as its connections are closed', () => {
    const { simulator, membership } = cluster('none');
    membership.kill(2);
    simulator.runFor(320);
    expect(membership.sees(0, 2)).toBe(true);
    simulator.runFor(30);
    expect(membership.sees(0, 2)).toBe(false);
    expect(membership.isServing(0)).toBe(true);
  });

  it('serves again after a restart, not before', () => {
    const { simulator, membership } = cluster('none');
    membership.kill(2);
    simulator.runFor(60_000);
    expect(membership.isServing(2)).toBe(false);
    membership.restart(2);
    simulator.runFor(6000);
    expect(membership.isServing(2)).toBe(false);
    simulator.runFor(3000);
    expect(membership.isServing(2)).toBe(true);
  });

  it('sends its clients to the next broker', () => {
    const { simulator, bus, membership } = cluster('none');
    expect(bus.memberFor(2)).toBe(2);
    membership.kill(2);
    simulator.runFor(1000);
    expect(bus.memberFor(2)).not.toBe(2);
  });
});

describe('publishes while a member is away', () => {
  it('of a durable plain queue there are refused elsewhere, and find closed connections there', () => {
    const { simulator, bus, membership, answers, publish } = cluster('none', 3, {
      'durable-queues': true,
    });
    const queue = bus.declareQueue('queue', 2);
    membership.kill(2);
    publish(queue, 0);
    publish(queue, 2);
    simulator.runFor(1000);
    expect(answers.at.map(({ outcome }) => outcome)).toEqual([
      PublishOutcome.closed,
      PublishOutcome.nacked,
    ]);
    membership.restart(2);
    simulator.runFor(10_000);
    publish(queue, 0);
    simulator.runFor(1000);
    expect(answers.at.at(-1)?.outcome).toBe(PublishOutcome.confirmed);
  });

  it('of other plain queues go to another member that clients declare them at', () => {
    const { simulator, bus, membership, answers, publish } = cluster('none');
    const queue = bus.declareQueue('queue', 2);
    membership.kill(2);
    simulator.runFor(1000);
    publish(queue, 0);
    simulator.runFor(1000);
    expect(answers.at.map(({ outcome }) => outcome)).toEqual([PublishOutcome.confirmed]);
  });

  it.each(['mirrored', 'quorum'] as const)('of a %s queue get another leader', (replication) => {
    const { simulator, bus, membership, answers, publish } = cluster(replication);
    const queue = bus.declareQueue('queue', 2);
    membership.kill(2);
    simulator.runFor(1);
    publish(queue, 0);
    simulator.runFor(2000);
    expect(answers.at).toHaveLength(1);
    expect(answers.at[0].outcome).toBe(PublishOutcome.confirmed);
    expect(answers.at[0].ms).toBeGreaterThan(320);
  });

  it('of quorum queues go on beside a cut, those of mirrored queues wait for its ticks', () => {
    const waitedMs = (['quorum', 'mirrored'] as const).map((replication) => {
      const { simulator, bus, membership, answers, publish } = cluster(replication);
      const queue = bus.declareQueue('queue', 0);
      membership.cutOff([2]);
      simulator.runFor(1);
      publish(queue, 0);
      simulator.runFor(100_000);
      return answers.at[0].ms;
    });
    expect(waitedMs[0]).toBeLessThan(100);
    expect(waitedMs[1]).toBeGreaterThan(60_000);
    expect(waitedMs[1]).toBeLessThan(76_000);
  });

  it('of a quorum queue led in the minority go on as soon as the others have elected', () => {
    const { simulator, bus, membership, answers, publish } = cluster('quorum');
    const queue = bus.declareQueue('queue', 2);
    membership.cutOff([2]);
    publish(queue, 0);
    publish(queue, 2);
    simulator.runFor(30_000);
    expect(answers.at).toHaveLength(1);
    expect(answers.at[0].ms).toBeGreaterThan(10_000);
    simulator.runFor(60_000);
    expect(answers.at.map(({ outcome }) => outcome)).toEqual([
      PublishOutcome.confirmed,
      PublishOutcome.closed,
    ]);
  });

  it('of a quorum queue wait while two of three are gone', () => {
    const { simulator, bus, membership, answers, publish } = cluster('quorum', 3, {
      'partition-handling': 'ignore',
    });
    const queue = bus.declareQueue('queue', 0);
    membership.kill(1);
    membership.kill(2);
    publish(queue, 0);
    simulator.runFor(60_000);
    expect(answers.at).toEqual([]);
    membership.restart(1);
    simulator.runFor(20_000);
    expect(answers.at.map(({ outcome }) => outcome)).toEqual([PublishOutcome.confirmed]);
  });

  it('all stall while a member that was started again joins', () => {
    const { simulator, bus, membership, answers, publish } = cluster('quorum');
    const queue = bus.declareQueue('queue', 0);
    membership.kill(2);
    simulator.runFor(10_000);
    membership.restart(2);
    simulator.runFor(3220);
    const sentMs = simulator.now;
    publish(queue, 0);
    simulator.runFor(10_000);
    expect(answers.at[0].ms - sentMs).toBeGreaterThan(150);
    expect(answers.at[0].ms - sentMs).toBeLessThan(500);
  });
});

describe('messages without confirms', () => {
  it('wait for another leader of their queue, and are lost with a durable plain one', () => {
    const arrivals = (['quorum', 'none'] as const).map((replication) => {
      const { simulator, bus, membership } = cluster(replication, 3, { 'durable-queues': true });
      const journal = newJournal(simulator);
      const queue = bus.declareQueue('queue', 2);
      membership.kill(2);
      bus.relay(queue, 0, 1, 1000, note, journal, 7);
      simulator.runFor(100_000);
      return journal.entries.length;
    });
    expect(arrivals).toEqual([1, 0]);
  });

  it('repeat themselves to the byte', () => {
    const run = () => {
      const { simulator, bus, membership, answers, publish } = cluster('mirrored');
      const queue = bus.declareQueue('queue', 2);
      membership.cutOff([2]);
      for (let i = 0; i < 50; i++) {
        publish(queue, i % 3);
        simulator.runFor(1500);
      }
      membership.heal();
      simulator.runFor(20_000);
      return JSON.stringify(answers.at);
    };
    expect(run()).toBe(run());
  });
});

describe('settings of a cluster', () => {
  it.each([
    [{ 'partition-handling': 'autoheal' }, 'partition-handling is "autoheal"'],
    [{ 'durable-queues': 'yes' }, 'durable-queues is "yes"'],
  ])('%j is refused', (settings, message) => {
    expect(() => cluster('none', 3, settings as Record<string, string>)).toThrow(message);
  });
});
