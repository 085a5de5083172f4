import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { assertEqual, type BenchCase, type BenchRow, median, type Outcome } from './bench-case.js';
import { formatTable } from './bench-table.js';
import { benchGroups } from './groups.js';

const USAGE = `Measures the simulator: npm run bench -- [--group NAME] [--case TEXT] [--json]

  --group NAME   only this group: ${benchGroups.map((group) => group.name).join(', ')}
  --case TEXT    only cases whose name has this text in it, and those they are compared with;
                 may be given several times
  --repeat N     runs of each case, of which the median counts; default 5
  --scale X      so much of the work; default 1, above it simulated times alone grow
  --no-peers     without the other simulators, where these are installed (scripts/peers/install.sh)
  --json         one JSON object instead of a table

  npm run bench -- --group hold
  npm run bench -- --case exponential/1k --json
`;

interface Measured {
  events: number;
  cpuS: number;
  figures: Record<string, number>;
  /** Of each run in turn. */
  answers: number[];
}

/** Runs that are not counted: the compiler is still at work. */
const PRIMING_RUNS = 2;

/** Runs a case several times in this process. */
function measureHere(benchCase: BenchCase, repeat: number): Measured {
  const run = benchCase.prepare();
  const outcomes: Outcome[] = [];
  const priming = benchCase.primingRuns ?? PRIMING_RUNS;
  for (let i = 0; i < priming + repeat; i++) outcomes.push(run());
  const expected = benchCase.events ?? outcomes[0].events;
  for (const { events } of outcomes) assertEqual('events', events, expected);
  const counted = outcomes.slice(priming);
  return {
    events: expected,
    cpuS: median(counted.map((outcome) => outcome.cpuS)),
    figures: medianFigures(counted),
    answers: outcomes.map((outcome) => outcome.answer),
  };
}

function medianFigures(outcomes: Outcome[]): Record<string, number> {
  const names = Object.keys(outcomes[0].figures ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      median(outcomes.map(({ figures }) => figures?.[name] ?? Number.NaN)),
    ]),
  );
}

/** Runs a case in a process of its own: no case inherits the heap or the compiled code of another. */
function measureApart(name: string, repeat: number, scale: number): Measured {
  const script = fileURLToPath(import.meta.url);
  const options = ['--only', name, '--repeat', String(repeat), '--scale', String(scale)];
  const child = spawnSync(process.execPath, [script, ...options], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${name} failed:\n${child.stderr}`);
  return JSON.parse(child.stdout) as Measured;
}

/** Measures the chosen cases in order, each after the one it is compared with. */
function measureAll(
  chosen: { group: string; benchCase: BenchCase }[],
  measure: (benchCase: BenchCase) => Measured,
  report: (row: BenchRow) => void,
): BenchRow[] {
  const measured = new Map<string, { answers: number[]; rate: number }>();
  return chosen.map(({ group, benchCase }) => {
    const { name, ratioTo = name, sameAnswerAs, peer } = benchCase;
    const { events, cpuS, answers, figures } = measure(benchCase);
    const rate = events / cpuS;
    measured.set(name, { answers, rate });
    const reference = measured.get(ratioTo);
    if (!reference) throw new Error(`${name} is compared with ${ratioTo}, which was not run`);
    const twin = sameAnswerAs === undefined ? undefined : measured.get(sameAnswerAs);
    if (twin && String(twin.answers) !== String(answers)) {
      throw new Error(`${name} came to ${answers}, ${sameAnswerAs} to ${twin.answers}`);
    }
    const row: BenchRow = {
      name,
      group,
      events,
      cpu_s: cpuS,
      rate_per_s: rate,
      ratio_to: ratioTo,
      ratio: rate / reference.rate,
      peer: peer?.name ?? null,
      peer_cpu_s: peer?.cpuS() ?? null,
      figures,
    };
    report(row);
    return row;
  });
}

function main(): void {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      group: { type: 'string' },
      case: { type: 'string', multiple: true, default: [''] },
      only: { type: 'string' },
      repeat: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      peers: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const repeat = Number(values.repeat);
  const scale = Number(values.scale);
  if (!(Number.isInteger(repeat) && repeat > 0)) {
    throw new RangeError(`--repeat ${values.repeat}: an integer from 1 is needed`);
  }
  if (!(scale > 0 && scale <= 1000)) {
    throw new RangeError(`--scale ${values.scale}: a number above 0, up to 1000, is needed`);
  }
  const all = benchGroups.flatMap(({ name: group, cases }) =>
    cases(scale).map((benchCase) => ({
      group,
      benchCase: values.peers ? benchCase : { ...benchCase, peer: undefined },
    })),
  );
  if (values.only !== undefined) {
    const found = all.find(({ benchCase }) => benchCase.name === values.only);
    if (!found) throw new RangeError(`--only ${values.only}: there is no such case`);
    process.stdout.write(JSON.stringify(measureHere(found.benchCase, repeat)));
    return;
  }
  const wanted = all.filter(
    ({ group, benchCase }) =>
      (values.group === undefined || group === values.group) &&
      values.case.some((text) => benchCase.name.includes(text)),
  );
  if (wanted.length === 0) throw new RangeError('no case has this name; see --help');
  const needed = new Set(wanted.flatMap(({ benchCase: c }) => [c.name, c.ratioTo, c.sameAnswerAs]));
  const chosen = all.filter(({ benchCase }) => needed.has(benchCase.name));
  const rows = measureAll(
    chosen,
    (benchCase) => measureApart(benchCase.name, repeat, scale),
    (row) => {
      if (process.stderr.isTTY) process.stderr.write(`${row.name}\n`);
    },
  );
  process.stdout.write(values.json ? `${JSON.stringify({ cases: rows })}\n` : formatTable(rows));
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
}
