import type { Machine } from './machine.js';
import type { OperationContext } from './operation-context.js';
import { RECORD_KINDS, STATE_VARIABLES, type StateVariable } from './procedure-schema.js';

type Reading = (machine: Machine, context: OperationContext) => number;

const READINGS: Readonly<Record<StateVariable, Reading>> = {
  'servers-on-host': (_, { host }) => (host ? host.servers : 0),
  'any-server-on-host': (_, { host }) => (host && host.servers > 0 ? 1 : 0),
  'servers-listed': ({ cloud, directory }, { site }) =>
    cloud.inventory.listed(directory.homeOf(site)),
  'computes-in-cell': ({ cloud }, { host }) =>
    host ? cloud.cells[host.cell].hosts.length : cloud.hosts.length,
  'candidate-hosts': ({ cloud }, { site }) => cloud.hostsBySite[site].length,
  'users-recorded': ({ records }) => records[RECORD_KINDS.indexOf('user')],
  'projects-recorded': ({ records }) => records[RECORD_KINDS.indexOf('project')],
  'roles-recorded': ({ records }) => records[RECORD_KINDS.indexOf('role')],
  servers: ({ cloud }) => cloud.hosts.reduce((sum, host) => sum + host.servers, 0),
};

/** By index in STATE_VARIABLES: what an amount that grows with it reads. */
export const STATE_READINGS: readonly Reading[] = STATE_VARIABLES.map((name) => READINGS[name]);
