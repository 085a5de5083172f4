import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  type BackendConstants,
  backendConstantsSchema,
} from '../../../src/cloud/backend-constants.js';
import type { Member, Wire } from '../../../src/cloud/wire.js';
import { defineEventKind } from '../../../src/kernel/event-kind.js';
import type { Simulator } from '../../../src/kernel/simulator.js';
import { ProcessorSharing } from '../../../src/resources/processor-sharing.js';

/** Sites with given one-way delays, nothing else. */
export class LabWire implements Wire {
  readonly sent: { from: number; to: number; bytes: number; traffic: number }[] = [];

  /** @param oneWayMs one row a site. */
  constructor(private readonly oneWayMs: readonly (readonly number[])[]) {}

  /** `sites` sites, all at one round trip of each other. */
  static uniform(sites: number, roundTripMs: number): LabWire {
    const row = (from: number): number[] =>
      Array.from({ length: sites }, (_, to) => (from === to ? 0 : roundTripMs / 2));
    return new LabWire(Array.from({ length: sites }, (_, from) => row(from)));
  }

  transitMs(from: number, to: number, bytes: number, traffic: number): number {
    this.sent.push({ from, to, bytes, traffic });
    return this.oneWayMs[from][to];
  }

  roundTripMs(a: number, b: number): number {
    return this.oneWayMs[a][b] + this.oneWayMs[b][a];
  }
}

export function loadBackend(name: string): BackendConstants {
  const file = new URL(`../../../models/backends/${name}.yaml`, import.meta.url);
  return backendConstantsSchema.parse(parse(readFileSync(file, 'utf8')));
}

/** The same constants, some with other values. */
export function withValues(
  constants: BackendConstants,
  values: Readonly<Record<string, number>>,
): BackendConstants {
  const changed = { ...constants.constants };
  for (const [name, value] of Object.entries(values)) {
    if (!changed[name]) throw new Error(`there is no constant ${name}`);
    changed[name] = { ...changed[name], value };
  }
  return { ...constants, constants: changed };
}

/** A member on a node of its own at each of the sites. */
export function membersAt(simulator: Simulator, sites: readonly number[], cores = 2): Member[] {
  return sites.map((site) => ({ site, cpu: new ProcessorSharing(simulator, cores) }));
}

/** What came, in order, and when. */
export interface Journal {
  readonly entries: { argument: number; ms: number }[];
  readonly simulator: Simulator;
}

export const note = defineEventKind('test-note', (journal: Journal, argument: number) => {
  journal.entries.push({ argument, ms: journal.simulator.now });
});

export function newJournal(simulator: Simulator): Journal {
  return { entries: [], simulator };
}
