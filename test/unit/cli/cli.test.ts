import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PLACEMENT_CONFORMANCE, type PlacementModel } from '../../../src/api.js';
import { modelTemplate } from '../../../src/cli/model-template.js';
import { loadPlacement } from '../../../src/experiment/load-placement.js';
import { changed, STUDY, studyFile } from '../experiment/study-text.js';
import { buildProgram, type Finished, fogplane, interruptFogplane, newFolder } from './run-cli.js';

beforeAll(buildProgram);

/** One small design point. */
const ONE = ['--set', 'placement=centralized', '--set', 'infrastructure.rtt-scale=1'];
const QUICK = [...ONE, '--set', 'duration=30 s', '--replications', '1'];

function expectRefusal({ code, stdout, stderr }: Finished, message: string | RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

describe('fogplane', () => {
  it('prints its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(fogplane(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['run', 'check', 'list', 'new-model'])('%s --help has two examples', (command) => {
    const { code, stdout } = fogplane([command, '--help']);
    expect(code).toBe(0);
    const examples = stdout.slice(stdout.indexOf('Examples:'));
    expect(examples.match(/^ {2}fogplane /gm)?.length).toBeGreaterThanOrEqual(2);
  });

  it('shows what it can do when it is told nothing', () => {
    const { code, stderr } = fogplane([]);
    expect(code).toBe(2);
    expect(stderr).toContain('fogplane new-model <name>');
  });

  it.each<[string[], string]>([
    [
      ['rnu'],
      '"rnu" is not a command; did you mean "run"? (allowed: run, check, fidelity, sensitivity, calibrate, list, new-model)',
    ],
    [['--hlp'], '"--hlp" is not an option; did you mean "--help"?'],
    [['run', 'x.yaml', '--worker', '2'], '"--worker" is not an option; did you mean "--workers"?'],
    [['run'], 'something is missing: fogplane run <file>'],
    [['run', 'x.yaml', 'y.yaml'], '"y.yaml" is one word too many: fogplane run <file>'],
    [['run', 'x.yaml', '--workers', '0'], '--workers "0" must be a whole number from 1 to 256'],
    [['run', 'x.yaml', '--workers', 'all'], '--workers "all" must be a whole number'],
    [['run', 'x.yaml', '--workers', '1', '--workers', '2'], '--workers is given twice'],
    [['run', 'x.yaml', '--out', ''], '--out needs a value'],
    [['run', 'x.yaml', '--replications', '-1'], '--replications'],
    [['check', 'nowhere.yaml'], 'nowhere.yaml: no such file'],
    [['calibrate', 'etdc'], '"etdc" is not a family of figures; did you mean "etcd"?'],
    [['calibrate', 'etcd'], 'give what to fit: --constant BACKEND/CONSTANT'],
    [
      ['calibrate', 'etcd', '--constant', 'etcd/cpu-per-requst'],
      '"cpu-per-requst" is not a constant of etcd; did you mean "cpu-per-request"?',
    ],
    [['list', 'topologys'], '"topologys" cannot be listed; did you mean "topologies"?'],
    [['new-model', '../evil'], '"../evil" cannot name a model'],
    [['new-model', 'Two_Hubs'], '"Two_Hubs" cannot name a model'],
    [['new-model', 'cells'], 'there is a model "cells" already: models/placements/cells.ts'],
  ])('refuses %j', (args, message) => {
    const refusal = fogplane(args);
    expect(refusal.stderr).toContain(message);
    expectRefusal(refusal, '');
  });
});

describe('fogplane list', () => {
  it('names everything that an experiment can name', () => {
    const { code, stdout } = fogplane(['list']);
    expect(code).toBe(0);
    for (const name of [
      ...['cells', 'stretched-galera', 'geant2012', 'ring', 'server-create'],
      ...['rabbitmq', 'galera', 'one-bus-or-many'],
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
    }
  });
});

describe('fogplane check', () => {
  it('says how many runs a study is', () => {
    const file = studyFile(STUDY);
    const { code, stdout } = fogplane(['check', file]);
    expect(stdout).toBe(`${file}: ok: 4 design points x 2 replications = 8 runs, seed 1\n`);
    expect(code).toBe(0);
  });
});

describe('fogplane run', () => {
  it('writes the results and prints a table', () => {
    const out = newFolder();
    const { code, stdout, stderr } = fogplane(['run', studyFile(STUDY), '--out', out, ...QUICK]);
    expect(code).toBe(0);
    expect(stdout).toContain('server-list');
    expect(stdout).toContain(`results in ${out}: components.csv`);
    expect(stderr).toContain('small: 1 design point x 1 replication = 1 run, seed 1');
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
    for (const file of ['operations', 'components', 'links', 'summary', 'dictionary']) {
      expect(existsSync(join(out, `${file}.csv`))).toBe(true);
    }
    const provenance = JSON.parse(readFileSync(join(out, 'provenance.json'), 'utf8'));
    expect(provenance).toMatchObject({
      seed: '1',
      versions: { fogplane: expect.any(String), node: expect.any(String) },
      points: [{ placement: { name: 'centralized', file: 'models/placements/centralized.ts' } }],
    });
  });

  it('prints the summary as JSON, or nothing', () => {
    const file = studyFile(STUDY);
    const json = fogplane(['run', file, '--json', '--out', newFolder(), ...QUICK]);
    expect(JSON.parse(json.stdout)).toBeTypeOf('object');
    const quiet = fogplane(['run', file, '--quiet', '--out', newFolder(), ...QUICK]);
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('does not do again what is there already', () => {
    const out = newFolder();
    const args = ['run', studyFile(STUDY), '--out', out, ...QUICK];
    expect(fogplane(args).code).toBe(0);
    expect(fogplane(args).stderr).toContain('1 of 1 run were there already');
    const more = fogplane([...args.slice(0, -1), '2']);
    expect(more.stderr).toContain('1 of 2 runs were there already');
  });

  it('takes a model by its path', () => {
    const folder = newFolder();
    const model = readFileSync('models/placements/centralized.ts', 'utf8');
    writeFileSync(join(folder, 'mine.ts'), model.replace("name: 'centralized'", "name: 'mine'"));
    const out = newFolder();
    const words = QUICK.map((word) => word.replace('placement=centralized', 'placement=./mine.ts'));
    const { code, stderr } = fogplane(['run', studyFile(STUDY), '--out', out, ...words], folder);
    expect(stderr).toContain('note: no differences to the baseline');
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'summary.csv'), 'utf8')).toContain('mine');
  });

  it.each<[string, string, string[]]>([
    ['bad bytes', '\u0000\u0001', []],
    ['an unknown model', changed('placement: centralized', 'placement: centralised'), []],
    ['an unknown model as a level', changed('[centralized, cells]', '[centralized, cell]'), []],
    ['an unknown topology', changed('geant2012', 'geant'), []],
  ])('writes nothing for %s', (_what, text) => {
    const out = join(newFolder(), 'out');
    expectRefusal(fogplane(['run', studyFile(text), '--out', out]), /^\S+study\.yaml/);
    expect(existsSync(out)).toBe(false);
  });

  it('tells runs that failed by point, replication and seed, and writes what there is', () => {
    const out = newFolder();
    // A file where the store's folder should be: no run can be kept.
    writeFileSync(join(out, '.runs'), '');
    const { code, stderr } = fogplane(['run', studyFile(STUDY), '--out', out, ...QUICK]);
    expect(stderr).toMatch(
      /^run failed: design point 1 \(placement=centralized, infrastructure\.rtt-scale=1\), replication 1, seed 1: /m,
    );
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
    expect(readFileSync(join(out, 'failures.csv'), 'utf8')).toContain('centralized');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'keeps what is done at %s, and goes on later',
    async (signal) => {
      const out = newFolder();
      const file = studyFile(changed('duration: 2 min', 'duration: 3 min'));
      const args = ['run', file, '--out', out, '--workers', '2', '--replications', '20'];
      const store = join(out, '.runs');
      const isTime = () => existsSync(store) && readdirSync(store).length >= 3;
      const { code, stderr } = await interruptFogplane(args, signal, isTime);
      expect(stderr).toMatch(/interrupted: \d+ of 80 runs are kept/);
      expect(code).toBe(130);
      expect(readdirSync(out)).toEqual(['.runs']);
      const left = readdirSync(store, { recursive: true }) as string[];
      expect(left.filter((path) => path.includes('.tmp'))).toEqual([]);
      const again = fogplane(['run', file, '--out', out, '--replications', '1']);
      expect(again.code).toBe(0);
      expect(again.stderr).toMatch(/[1-4] of 4 runs were there already/);
    },
  );
});

describe('fogplane new-model', () => {
  it('writes a model that conforms, and prints the command that runs it', () => {
    const folder = newFolder();
    const { code, stdout } = fogplane(['new-model', 'two-hubs'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}npx fogplane run \S*experiment\.yaml --set placement=two-hubs$/m);
    const file = join(folder, 'models', 'placements', 'two-hubs.ts');
    expect(readFileSync(file, 'utf8')).toBe(modelTemplate('two-hubs'));
    const out = newFolder();
    const words = QUICK.map((word) => word.replace('=centralized', '=two-hubs'));
    expect(fogplane(['run', studyFile(STUDY), '--out', out, ...words], folder).code).toBe(0);
    expect(readFileSync(join(out, 'summary.csv'), 'utf8')).toContain('two-hubs');
    const again = fogplane(['new-model', 'two-hubs'], folder);
    expectRefusal(again, /there is a model "two-hubs" already/);
  });

  it('writes a model that passes the conformance suite', async () => {
    const file = join(newFolder(), 'probe.ts');
    writeFileSync(file, modelTemplate('probe'));
    const model = await loadPlacement(file);
    for (const { run } of PLACEMENT_CONFORMANCE) run(model as PlacementModel<never>);
  });
});
