/*
 * Fails where the simulator has become slower: a few cases of the benchmark, each a ratio to another
 * case in the same run, against the ratios in results/reference/bench.json. Times are compared with
 * nothing: machines differ. A case fails when its ratio, the best of several attempts, is more than
 * 30 % below its reference: a neighbour on the machine disturbs one attempt, not all of them.
 *
 *   node scripts/check-bench.js            compares
 *   node scripts/check-bench.js --write    measures the reference anew
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const REFERENCE = join(ROOT, 'results', 'reference', 'bench.json');
const LEAST_OF_REFERENCE = 0.7;
const ATTEMPTS = 4;
const REFERENCE_RUNS = 5;
const SCALE = 0.2;
const CASES = [
  'hold/calendar/exponential/1k',
  'hold/calendar/bimodal/1k',
  'mm1/station/1M',
  'mm1/generators/1M',
  'cancel/calendar/calls-with-timers/1M',
  'pingpong/one-link/1M',
  'ring/1MB-transfer/1k-hosts',
  'flows/backbone/10k',
  'model/burst-of-500-servers',
  'model/idle/100-computes',
];

/** @returns {Map<string, number>} ratio by case */
function measure(cases) {
  const bench = join(ROOT, 'dist', 'test', 'perf', 'bench.js');
  const options = ['--json', '--no-peers', '--scale', String(SCALE), '--repeat', '5'];
  for (const name of cases) options.push('--case', name);
  const { status, stdout } = spawnSync(execPath, [bench, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('the benchmark failed');
  const ratios = new Map(JSON.parse(stdout).cases.map(({ name, ratio }) => [name, ratio]));
  return new Map(cases.map((name) => [name, ratios.get(name)]));
}

function write() {
  const runs = Array.from({ length: REFERENCE_RUNS }, () => measure(CASES));
  const ratios = {};
  for (const name of CASES) {
    const sorted = runs.map((run) => run.get(name)).sort((a, b) => a - b);
    ratios[name] = Number(sorted[REFERENCE_RUNS >> 1].toPrecision(3));
    const spread = sorted.map((ratio) => ratio.toPrecision(3)).join(' ');
    console.log(`${name}: ${spread}`);
  }
  const note =
    `Ratio of each case's rate to that of the case it is compared with, the median of ` +
    `${REFERENCE_RUNS} runs at --scale ${SCALE}; made by node scripts/check-bench.js --write`;
  mkdirSync(dirname(REFERENCE), { recursive: true });
  writeFileSync(REFERENCE, `${JSON.stringify({ note, ratios }, null, 2)}\n`);
}

/** @returns {number} exit code */
function compare() {
  const { ratios } = JSON.parse(readFileSync(REFERENCE, 'utf8'));
  const best = new Map();
  let slow = CASES;
  for (let attempt = 1; attempt <= ATTEMPTS && slow.length > 0; attempt++) {
    for (const [name, ratio] of measure(slow)) {
      if (!(ratios[name] > 0)) throw new Error(`${REFERENCE} has no ratio of ${name}`);
      best.set(name, Math.max(ratio, best.get(name) ?? 0));
    }
    slow = CASES.filter((name) => best.get(name) < LEAST_OF_REFERENCE * ratios[name]);
  }
  for (const name of CASES) {
    const share = Math.round((100 * best.get(name)) / ratios[name]);
    const verdict = slow.includes(name) ? 'SLOWER' : 'ok';
    const figures = `${best.get(name).toPrecision(3)} of ${ratios[name]} (${share} %)`;
    console.log(`${verdict.padEnd(6)} ${name}: ${figures}`);
  }
  if (slow.length > 0) {
    console.error(
      `${slow.length} cases run at less than ${100 * LEAST_OF_REFERENCE} % of their reference. ` +
        'Where that has a good reason: node scripts/check-bench.js --write, and say why in the commit.',
    );
  }
  return slow.length > 0 ? 1 : 0;
}

if (argv.includes('--write')) write();
else process.exitCode = compare();
