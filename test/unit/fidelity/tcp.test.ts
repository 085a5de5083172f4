import { describe, expect, it } from 'vitest';
import { tcp } from '../../../src/fidelity/families/tcp.js';
import { tcpFetch } from '../../../src/fidelity/probes/tcp-fetch.js';
import { tcpStream } from '../../../src/fidelity/probes/tcp-stream.js';

const context = { seed: 'test', backends: {} };

function row(source: string, columns: Record<string, string>) {
  return { source, line: 3, columns };
}

const fetchRow = {
  rtt_ms: '20',
  rate_mbit: '100',
  tls: '1.3',
  size: '64k',
  connect_ms: '20.4',
  handshake_done_ms: '42',
  total_p50_ms: '105',
};

describe('rows of fetches', () => {
  it('take size, rate, handshake and round trip from their columns', () => {
    const { figures, unread, scenarios } = tcp.read([row('f_tcp_fetch', fetchRow)]);
    expect(unread).toEqual([]);
    expect(figures.map(({ read }) => read)).toEqual(['connect', 'handshake', 'total']);
    expect([...scenarios.values()][0]).toMatchObject({
      parameters: { rttMs: 20, rateMbit: 100, tls: '1.3', bytes: 65_536, flows: 1, loss: 0 },
    });
  });

  it('without a round trip are listed', () => {
    const { figures, unread } = tcp.read([row('f_tcp_fetch', { ...fetchRow, rtt_ms: 'far' })]);
    expect(figures).toEqual([]);
    expect(unread).toEqual([
      { id: 'f_tcp_fetch.csv:3', reason: 'round trip, size or rule of the pipe cannot be read' },
    ]);
  });

  it('of a few fetches under loss are judged by means of as many simulated ones', () => {
    const columns = { rtt_ms: '20', size: '8M', loss: '0.001', total_mean_ms: '1300' };
    const read = (count: string, loss = '0.001') =>
      tcp.read([row('f_tcp_loss', { ...columns, loss, count })]);
    const few = read('4');
    expect(few.figures[0].isOneLook).toBe(true);
    expect([...few.scenarios.values()][0]).toMatchObject({ parameters: { repeats: 4 } });
    expect(read('30').figures[0].isOneLook).toBeFalsy();
    expect(read('4', '0').figures[0].isOneLook).toBeFalsy();
  });

  it('of streams read the rules of the pipe', () => {
    const matrix = 'rtt * * 50;up 1 100;down 2 50;loss 1 2 0.01';
    const { scenarios } = tcp.read([row('emulator_iperf3', { matrix, receiver_mbit: '45' })]);
    expect([...scenarios.values()][0]).toMatchObject({
      parameters: { rttMs: 50, rateMbit: 50, loss: 0.01 },
    });
  });
});

describe('the probes', () => {
  const fetch = {
    rttMs: 50,
    rateMbit: 0,
    tls: 'no',
    bytes: 16_384,
    flows: 1,
    queueBytes: 256_000,
    loss: 0,
    repeats: 1,
  };

  it('a fetch beyond the initial window takes three round trips, four behind TLS', () => {
    expect(tcpFetch(fetch, context).total / 50).toBeCloseTo(3, 1);
    expect(tcpFetch({ ...fetch, tls: '1.3' }, context).total / 50).toBeCloseTo(4.07, 1);
  });

  it('flows share the pipe', () => {
    const pair = { ...fetch, rttMs: 10, rateMbit: 100, bytes: 32 * 2 ** 20, flows: 2 };
    const { goodput, aggregate } = tcpFetch(pair, context);
    expect(aggregate).toBeCloseTo(2 * goodput, 3);
    expect(aggregate).toBeGreaterThan(85);
    expect(aggregate).toBeLessThan(95);
  });

  it('a stream fills a pipe', () => {
    const pipe = { rttMs: 10, rateMbit: 100, queueBytes: 256_000, loss: 0, seconds: 6 };
    const { received, ping } = tcpStream(pipe, context);
    expect(received).toBeGreaterThan(85);
    expect(received).toBeLessThan(94.2);
    expect(ping).toBeCloseTo(10.05, 1);
  });
});
