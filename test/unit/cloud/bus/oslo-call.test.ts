import { describe, expect, it } from 'vitest';
import { fitLatency } from '../../../../scripts/calibrate/mariadb.js';
import { pingedMs } from '../../../../scripts/calibrate/measured.js';
import { RabbitMqBus } from '../../../../src/cloud/bus/rabbitmq-bus.js';
import { defineEventKind } from '../../../../src/kernel/event-kind.js';
import { Simulator } from '../../../../src/kernel/simulator.js';
import { ProcessorSharing } from '../../../../src/resources/processor-sharing.js';
import { LabWire, loadBackend, membersAt, newJournal, note } from '../lab-wire.js';

/**
 * CPU of an oslo.messaging call in its caller and its server (c_oslo_throughput.csv, one caller
 * thread, no payload). They belong to the services, whose footprints carry them.
 */
const CALLER_MS = 0.5392;
const SERVER_MS = 0.6538;

const BROKER = 0;
const CALLER = 1;
const SERVER = 2;

/** One echo call: caller, broker, server, broker, caller. */
class EchoCall {
  readonly simulator = new Simulator();
  readonly journal = newJournal(this.simulator);
  readonly bus: RabbitMqBus;
  readonly caller = new ProcessorSharing(this.simulator, 1);
  readonly server = new ProcessorSharing(this.simulator, 1);
  readonly request: number;
  readonly reply: number;

  constructor(readonly wire: LabWire) {
    this.bus = new RabbitMqBus({
      id: 'bus',
      constants: loadBackend('rabbitmq'),
      simulator: this.simulator,
      wire,
      traffic: 0,
      members: membersAt(this.simulator, [BROKER]),
    });
    this.request = this.bus.declareQueue('topic.server', 0);
    this.reply = this.bus.declareQueue('reply_caller', 0);
  }

  run(): number {
    this.caller.submit(CALLER_MS, sendRequest, this, 0);
    this.simulator.run();
    return this.journal.entries[0].ms;
  }

  travel(from: number, to: number, kind: typeof sendRequest): void {
    this.simulator.schedule(this.wire.transitMs(from, to, 0, 0), kind, this);
  }
}

const sendRequest = defineEventKind('test-send-request', (call: EchoCall) =>
  call.travel(CALLER, BROKER, requestAtBroker),
);
const requestAtBroker = defineEventKind('test-request-at-broker', (call: EchoCall) =>
  call.bus.relay(call.request, 0, 0, 0, requestLeaves, call, 0),
);
const requestLeaves = defineEventKind('test-request-leaves', (call: EchoCall) =>
  call.travel(BROKER, SERVER, requestAtServer),
);
const requestAtServer = defineEventKind('test-request-at-server', (call: EchoCall) =>
  call.server.submit(SERVER_MS, sendReply, call, 0),
);
const sendReply = defineEventKind('test-send-reply', (call: EchoCall) =>
  call.travel(SERVER, BROKER, replyAtBroker),
);
const replyAtBroker = defineEventKind('test-reply-at-broker', (call: EchoCall) =>
  call.bus.relay(call.reply, 0, 0, 0, replyLeaves, call, 0),
);
const replyLeaves = defineEventKind('test-reply-leaves', (call: EchoCall) =>
  call.travel(BROKER, CALLER, replyAtCaller),
);
const replyAtCaller = defineEventKind('test-reply-at-caller', (call: EchoCall) =>
  note.run(call.journal, 0),
);

function echoMs(callerRttMs: number, serverRttMs: number): number {
  const wire = new LabWire([
    [0, callerRttMs / 2, serverRttMs / 2],
    [callerRttMs / 2, 0, Number.NaN],
    [serverRttMs / 2, Number.NaN, 0],
  ]);
  return new EchoCall(wire).run();
}

describe('an oslo.messaging call over RabbitMQ', () => {
  it('is the CPU of caller, broker and server where nothing is far and no host sleeps', () => {
    // 1.52 ms at the median (c_oslo_throughput.csv, one thread, no payload).
    const simulatedMs = echoMs(pingedMs(0), pingedMs(0));
    expect(simulatedMs).toBeGreaterThan(1.52 * 0.8);
    expect(simulatedMs).toBeLessThan(1.52 * 1.05);
  });

  it.each([
    // c_oslo_rpc.csv, op call: p50 in ms.
    { callerRttMs: 10, serverRttMs: 0, measuredMs: 12.3687 },
    { callerRttMs: 50, serverRttMs: 0, measuredMs: 52.7562 },
    { callerRttMs: 150, serverRttMs: 0, measuredMs: 153.1127 },
    { callerRttMs: 0, serverRttMs: 10, measuredMs: 12.5421 },
    { callerRttMs: 10, serverRttMs: 10, measuredMs: 22.8704 },
    { callerRttMs: 50, serverRttMs: 10, measuredMs: 62.8394 },
    { callerRttMs: 0, serverRttMs: 50, measuredMs: 52.5922 },
    { callerRttMs: 50, serverRttMs: 50, measuredMs: 103.0119 },
    { callerRttMs: 150, serverRttMs: 50, measuredMs: 202.8867 },
    { callerRttMs: 0, serverRttMs: 150, measuredMs: 153.0702 },
    { callerRttMs: 150, serverRttMs: 150, measuredMs: 303.9998 },
  ])('takes $callerRttMs + $serverRttMs + 2.5 ms', ({ callerRttMs, serverRttMs, measuredMs }) => {
    // Each of the two exchanges also wakes hosts, as one with MariaDB does.
    const { wakingMs } = fitLatency();
    const simulatedMs = echoMs(pingedMs(callerRttMs), pingedMs(serverRttMs)) + 2 * wakingMs;
    expect(measuredMs - simulatedMs).toBeGreaterThan(-0.1);
    expect(measuredMs - simulatedMs).toBeLessThan(1.9);
    expect(simulatedMs / measuredMs).toBeGreaterThan(0.95);
  });
});
