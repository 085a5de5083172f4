import { describe, expect, it } from 'vitest';
import { zedSteps } from '../../../src/fidelity/families/zed-steps.js';

const source = 'events_wan_P2_50_delete';
const event = (
  t: number,
  duration: number,
  kind: string,
  service: string,
  target: string,
  name: string,
) => ({
  source,
  line: 2,
  columns: { t_ms: String(t), duration_ms: String(duration), kind, service, target, name },
});

describe('steps of a traced operation', () => {
  it('reads when a step began and ended, and lists the steps that are not there', () => {
    const { figures, unread, scenarios } = zedSteps.read([
      event(0, 0, 'mark', 'client', '', 'client DELETE /servers/{id}'),
      event(55, 0, 'mark', 'client', '', 'client got 204'),
      event(200, 180, 'rest', 'cmp1', '/v2.0/ports/1234', 'DELETE 204'),
    ]);
    expect(figures.map(({ metric, measured }) => [metric, measured])).toEqual([
      ['request to accepted', 55],
      ['port-deleting to port-deleted', 180],
    ]);
    expect(unread).toHaveLength(6);
    expect(scenarios.size).toBe(1);
  });

  it('lists a trace without a compute', () => {
    const { figures, unread } = zedSteps.read([event(0, 0, 'mark', 'client', '', 'x')]);
    expect(figures).toHaveLength(0);
    expect(unread).toHaveLength(1);
  });
});
