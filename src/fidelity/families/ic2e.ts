import type { FamilyReading, Figure, FigureFamily, FigureRow, UnreadRow } from '../figure.js';
import type { ProbeParameters, ProbeSetUp } from '../probes/probe.js';
import { rowId } from '../row-columns.js';

const FAMILY = 'ic2e';

/** A set-up that takes longer than this has failed. */
const LIMIT_S = 7200;

/** Where the source gives no latency between several sites: the lower of its two. */
const USUAL_LATENCY_MS = 10;

/** What a row measured: the name of the probe's value. */
interface Measurement {
  readonly value: string;
  /** Compared with MySQL, call by call. */
  readonly against?: string;
}

/** What a row says of its set-up. */
interface SetUpColumns {
  readonly backend: string;
  readonly sites: number;
  readonly latencyMs: number;
  readonly databaseNodes: number;
  readonly copies: number;
  readonly computesPerSite: number;
  readonly servers: number;
}

function firstNumber(pattern: RegExp, ...texts: readonly (string | undefined)[]): number {
  for (const text of texts) {
    const found = pattern.exec(text ?? '');
    if (found) return Number(found[1]);
  }
  return Number.NaN;
}

/** NaN is the default's turn. */
function or(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

/** The value that stands under a name in columns such as `n_sites;inter_site_latency_ms`, `2;10`. */
function axis({ columns }: FigureRow, name: RegExp): number {
  const names = (columns.x_name ?? '').split(';');
  const index = names.findIndex((each) => name.test(each));
  const text = (columns.x_value ?? '').split(';')[index]?.trim() ?? '';
  return text === '' ? Number.NaN : Number(text);
}

function backendOf({ columns }: FigureRow): string | undefined {
  // A derived row names its database in the metric, and nothing in particular as the system.
  for (const text of [columns.system, columns.metric]) {
    if (/galera/i.test(text ?? '')) return 'galera';
    if (/redis|rome/i.test(text ?? '')) return 'rome';
    if (/mysql|mariadb|sqlalchemy/i.test(text ?? '')) return 'mariadb';
  }
  return undefined;
}

function setUpOf(row: FigureRow, backend: string): SetUpColumns | undefined {
  const { setup, metric, x_value, system } = row.columns;
  const mono = /mono-?site|single (site|cluster)/i.test(setup ?? '');
  const named = firstNumber(/(\d+)\s+(?:emulated\s+)?(?:sites|locations|clusters)\b/i, setup);
  const sites = or(axis(row, /sites|locations/i), mono ? 1 : named);
  if (!(Number.isInteger(sites) && sites >= 1 && sites <= 100)) return undefined;
  const latencyMs =
    sites === 1
      ? 0
      : or(
          axis(row, /latency/i),
          or(firstNumber(/latency (?:of )?(\d+(?:\.\d+)?) ?ms/i, setup), USUAL_LATENCY_MS),
        );
  const nodes = or(
    firstNumber(/(\d+) nodes?\b/i, x_value, metric, system),
    backend === 'mariadb' ? 1 : sites,
  );
  const isCopied = /repl/i.test(`${x_value} ${metric} ${system}`);
  return {
    backend,
    sites,
    latencyMs,
    databaseNodes: backend === 'mariadb' ? 1 : Math.max(1, nodes),
    copies: backend === 'rome' && isCopied && nodes > 1 ? 1 : 0,
    computesPerSite: or(firstNumber(/(\d+) computes?\b/i, setup), 6),
    servers: or(firstNumber(/(\d+) VMs/i, metric, setup), 500),
  };
}

function measurementOf(row: FigureRow): Measurement | undefined {
  const { metric = '', x_value = '' } = row.columns;
  if (/time to create|creation time/i.test(metric)) return { value: 'createS' };
  if (/quantile/i.test(metric)) return quantile(axis(row, /quantile/i));
  if (/slowest/i.test(metric)) {
    const slowest = firstNumber(/slowest (\d+) ?%/i, metric);
    return quantile(or(axis(row, /percentile/i), 100 - slowest) / 100);
  }
  if (/share of API calls faster/i.test(metric)) return { value: 'faster', against: 'mariadb' };
  if (/(mean|average).*API/i.test(metric)) return { value: 'apiMs' };
  if (/share of VMs/i.test(metric)) return { value: `share ${x_value.trim()}` };
  const into = /traffic entering (\w+?) nodes/i.exec(metric);
  if (into) return { value: `into ${nodeClass(into[1])} from ${nodeClass(x_value)}` };
  if (/DB traffic/i.test(metric)) return { value: 'traffic of databases per server' };
  if (/all traffic per VM/i.test(metric)) return { value: 'traffic per server' };
  if (/total data exchanged/i.test(metric)) return { value: 'traffic' };
  return undefined;
}

function quantile(q: number): Measurement | undefined {
  return q > 0 && q < 1 ? { value: `apiMs ${Math.round(q * 1000) / 1000}` } : undefined;
}

/** As the probe calls them, whether the source has them in the singular or not. */
function nodeClass(text: string): string {
  const name = text.trim().toLowerCase();
  if (name.startsWith('controller')) return 'controllers';
  if (name.startsWith('compute')) return 'compute';
  if (name.startsWith('database') || name.startsWith('db')) return 'database';
  return name;
}

/** @param oneWay whether the source's latency is one way, or there and back */
function probeOf(columns: SetUpColumns, { against }: Measurement, oneWay: boolean): ProbeSetUp {
  const parameters: Record<string, number | string> = {
    ...columns,
    latencyMs: oneWay ? columns.latencyMs : columns.latencyMs / 2,
    limitS: LIMIT_S,
  };
  if (against !== undefined) parameters.against = against;
  return { probe: 'nova-burst', parameters: parameters satisfies ProbeParameters };
}

function nameOf({ parameters }: ProbeSetUp): string {
  const { backend, sites, latencyMs, databaseNodes, copies, servers, against } = parameters;
  const { computesPerSite } = parameters;
  const parts = [`${FAMILY} ${backend}`, sites, latencyMs, databaseNodes, copies, servers];
  return [...parts, computesPerSite, against ?? ''].join(' ').trim();
}

/** See `split`. */
function calibrates(columns: SetUpColumns, { value, against }: Measurement): boolean {
  const { sites, latencyMs, databaseNodes, copies } = columns;
  if (against !== undefined || copies > 0) return false;
  const isSmallest = sites === 1 && databaseNodes === 1;
  if (value === 'createS') return isSmallest || (sites === 2 && latencyMs === 10);
  if (!isSmallest) return false;
  return /^apiMs( 0\.[159])?$|^into \w+ from database$/.test(value);
}

function isFailure(value: string): boolean {
  return /^\*+$|fail|timed? ?out|error|unfinished/i.test(value.trim());
}

/** Nova on MySQL, Galera and Redis over 1 to 8 emulated sites, as published in 2017. */
export const ic2e: FigureFamily = {
  name: FAMILY,
  sources: ['figures'],
  idPrefixes: ['IC2E'],
  split:
    'Calibrate: with one site and one database node the creation time, the mean of API calls, their ' +
    'quantiles 0.1, 0.5 and 0.9 and what leaves the database nodes; the creation time on 2 sites at ' +
    '10 ms. All others judge, those derived from other rows too.',
  read(rows: readonly FigureRow[]): FamilyReading {
    const reader = new Ic2eReader();
    for (const row of rows) reader.read(row);
    return reader;
  },
};

class Ic2eReader implements FamilyReading {
  readonly figures: Figure[] = [];
  readonly unread: UnreadRow[] = [];
  readonly scenarios = new Map<string, ProbeSetUp>();
  readonly replications = new Map<string, number>();

  read(row: FigureRow): void {
    const reason = this.take(row);
    if (reason) this.unread.push({ id: rowId(row), reason });
  }

  /** Why a row cannot be read, or undefined where it was. */
  private take(row: FigureRow): string | undefined {
    const { metric = '', value = '', unit = '' } = row.columns;
    if (/expected latency/i.test(metric)) return 'a bound of the target infrastructure, no result';
    const backend = backendOf(row);
    if (!backend) return `no known database in the system "${row.columns.system ?? ''}"`;
    const columns = setUpOf(row, backend);
    if (!columns) return 'neither one site nor a number of sites';
    const measurement = measurementOf(row);
    if (!measurement) return `no simulated value for the metric "${metric}"`;
    const failed = isFailure(value);
    const measured = Number(value);
    if (!failed && (value.trim() === '' || Number.isNaN(measured)))
      return `the value is "${value}"`;
    const setUp = probeOf(columns, measurement, false);
    const { sites, latencyMs } = columns;
    const name = measurement.value;
    const scenario = this.scenario(setUp, 3);
    this.figures.push({
      family: FAMILY,
      id: rowId(row),
      metric: `${backend}, ${sites} sites, ${latencyMs} ms: ${name}`,
      unit,
      measured: failed ? 0 : measured,
      spread: Number.NaN,
      role: calibrates(columns, measurement) ? 'calibration' : 'judgement',
      alternatives: `${name}, ${sites} sites, ${latencyMs} ms`,
      scenario,
      read: failed ? 'failed' : name,
      agrees: failed ? (share) => share > 0 : undefined,
      otherReading: sites === 1 ? undefined : this.oneWay(columns, measurement, name),
      note: '',
    });
    return undefined;
  }

  private scenario(setUp: ProbeSetUp, replications: number): string {
    const name = nameOf(setUp);
    this.scenarios.set(name, setUp);
    this.replications.set(name, Math.max(replications, this.replications.get(name) ?? 0));
    return name;
  }

  private oneWay(columns: SetUpColumns, measurement: Measurement, read: string) {
    const scenario = this.scenario(probeOf(columns, measurement, true), 1);
    return { name: 'the latency read as one way', scenario, read };
  }
}
