import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOverride, readExperiment } from '../../../src/experiment/experiment-file.js';
import { planStudy } from '../../../src/experiment/plan-study.js';
import { UserError } from '../../../src/experiment/user-error.js';
import { changed, STUDY, studyFile } from './study-text.js';

/** Plans a study that stands beside the given files. */
function plan(text: string, files: Record<string, string> = {}, ...sets: string[]) {
  const file = studyFile(text);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(file, '..', name)), { recursive: true });
    writeFileSync(join(file, '..', name), content);
  }
  return planStudy(readExperiment(file, sets.map(parseOverride)));
}

async function mistake(text: string, files: Record<string, string> = {}, ...sets: string[]) {
  const error = await plan(text, files, ...sets).then(
    () => new Error('the study was accepted'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as Error).message.replace(/\/\S*\//g, '');
}

const model = (
  body: string,
) => `import { controlPlane, definePlacement, joinControlPlanes, wireSite, z } from 'fogplane';

export default definePlacement({
  name: 'mine',
  summary: 'A model of a test.',
  params: z.strictObject({ site: z.string().default('paris-fr') }),
  plan(infrastructure, { site }) {
    ${body}
  },
});
`;
const GOOD = model(`const plane = controlPlane({ sites: [infrastructure.sites[0].id] });
    return { ...joinControlPlanes([plane]), wiring: Object.fromEntries(infrastructure.sites.map(({ id }) => [id, wireSite(plane)])) };`);
const useMine = (extra = '') =>
  changed('[centralized, cells]', `[centralized, ./models/mine.ts${extra}]`);
const MINE = 'models/mine.ts';

describe('planStudy', () => {
  it('resolves every design point to ms, bytes and ids', async () => {
    const { scenarios, study, replications } = await plan(
      changed('computes-per-site: 1', 'computes-per-site: 3\n  image-size: 2 MiB'),
    );
    expect(replications).toBe(2);
    expect(study).toMatchObject({
      name: 'small',
      baseline: { placement: 'centralized' },
      factors: [
        { path: 'placement', levels: ['centralized', 'cells'] },
        { path: 'infrastructure.rtt-scale', levels: ['0.5', '1'] },
      ],
    });
    expect(scenarios.map(({ point, factors }) => [point, ...Object.values(factors)])).toEqual([
      [1, 'centralized', '0.5'],
      [2, 'centralized', '1'],
      [3, 'cells', '0.5'],
      [4, 'cells', '1'],
    ]);
    const { infrastructure, workload, durationMs, warmUpMs, placement } = scenarios[2];
    expect(infrastructure).toMatchObject({
      rttScale: 0.5,
      computesPerSite: 3,
      imageSizeBytes: 2 ** 21,
    });
    expect([durationMs, warmUpMs]).toEqual([120_000, 10_000]);
    expect(workload[0]).toMatchObject({
      name: 'server-list',
      mix: [{ operation: 'server-list', weight: 1 }],
      arrivals: { type: 'poisson', ratePerMs: 2 / 60_000 },
      startMs: 0,
    });
    expect(workload[0].sites).toEqual(infrastructure.topology.sites.map(({ id }) => id));
    expect(workload[1]).toMatchObject({
      name: 'tokens',
      arrivals: { type: 'closed', concurrency: 2, times: 5, thinkTimeMs: 1000 },
    });
    expect(placement.deployment.cells.length).toBeGreaterThan(1);
  });

  it('gives scenarios that cross threads', async () => {
    const { scenarios } = await plan(STUDY);
    expect(structuredClone(scenarios[0])).toEqual(scenarios[0]);
  });

  it('has the same provenance wherever the study stands', async () => {
    const [a, b] = await Promise.all([plan(STUDY), plan(STUDY)]);
    expect(a.study.provenance).toEqual(b.study.provenance);
    expect(JSON.stringify(a.study.provenance)).not.toContain(process.cwd());
  });

  it('names the placement of a study that does not vary it', async () => {
    const text = changed('  placement: [centralized, cells]\n', '').replace(/baseline.*\n/, '');
    const { study, scenarios } = await plan(text);
    expect(study.factors[0]).toEqual({
      path: 'placement',
      label: 'placement',
      levels: ['centralized'],
    });
    expect(scenarios[0].factors.placement).toBe('centralized');
  });

  it('takes a model by its path, and calls it by its name', async () => {
    const { study, scenarios } = await plan(useMine(), { [MINE]: GOOD });
    expect(study.factors[0].levels).toEqual(['centralized', 'mine']);
    expect(scenarios[3].factors.placement).toBe('mine');
  });

  it('takes levels with parameters, and a topology from a generator', async () => {
    const text = changed('cells]', '{model: cells, params: {per: site}}]').replace(
      'geant2012',
      '{generator: ring, params: {sites: 5}}',
    );
    const { study, scenarios } = await plan(text);
    expect(study.factors[0].levels).toEqual(['centralized', 'cells(per=site)']);
    expect(scenarios[2].placement.deployment.cells).toHaveLength(5);
  });

  it('puts service settings into the footprints and the deployment', async () => {
    const text = `${STUDY}service-settings: {nova-conductor: {workers: 3, pool-size: 9}}\n`;
    const [{ footprints, placement }] = (await plan(text)).scenarios;
    const footprint = footprints.services.find(({ service }) => service === 'nova-conductor');
    expect(footprint?.server).toMatchObject({ workers: 3, 'pool-size': 9 });
    const group = placement.deployment.services.find(({ id }) => id === 'nova-conductor');
    expect(group?.instances.map(({ workers }) => workers)).toEqual([3]);
  });

  it('notes a baseline that the command line took away', async () => {
    const { notes, study } = await plan(STUDY, {}, 'placement=regions');
    expect(study.baseline).toEqual({});
    expect(notes).toEqual([
      'no differences to the baseline: "centralized" is not a level of the factor "placement" in this run',
    ]);
  });

  it.each<[string, string, string, string]>([
    [
      'an unknown model',
      '[centralized, cells]',
      '[centralised, cells]',
      'study.yaml:19: factor "placement": "centralised" is not a placement model; did you mean "centralized"? (allowed: cells, central-edge-glance, centralized, controller-per-site, regions, router-mesh, stretched-galera',
    ],
    [
      'an unknown model that a factor replaces',
      'placement: centralized\nw',
      'placement: centralised\nw',
      'study.yaml:9: field "placement": "centralised" is not a placement model; did you mean "centralized"?',
    ],
    [
      'a model file that is not there',
      'cells]',
      './nowhere.ts]',
      'study.yaml:19: factor "placement": "./nowhere.ts": no such file',
    ],
    [
      'an unknown parameter',
      'cells]',
      '{model: cells, params: {region: 2}}]',
      'study.yaml:19: factor "placement": parameter of the placement model "cells": unknown field; did you mean "regions"?',
    ],
    [
      'a wrong parameter',
      'cells]',
      '{model: cells, params: {regions: -2}}]',
      'study.yaml:19: factor "placement": parameter of the placement model "cells": -2 must be at least 1',
    ],
    [
      'an unknown topology',
      'geant2012',
      'geant2013',
      'study.yaml:7: field "infrastructure.topology": "geant2013" is not a topology; did you mean "geant2012"?',
    ],
    [
      'a topology file that is not there',
      'geant2012',
      './geant.json',
      'study.yaml:7: field "infrastructure.topology": "./geant.json": no such file',
    ],
    [
      'an unknown generator',
      'geant2012',
      '{generator: rign}',
      'study.yaml:7: field "infrastructure.topology.generator": "rign" is not a generator; did you mean "ring"?',
    ],
    [
      'a wrong parameter of a generator',
      'geant2012',
      '{generator: ring, params: {sites: 0}}',
      'study.yaml:7: field "infrastructure.topology.params.sites": 0 must be at least',
    ],
    [
      'an unknown operation',
      'operation: server-list',
      'operation: server-lsit',
      'study.yaml:11: field "workload.0.operation": "server-lsit" is not an operation; did you mean "server-list"?',
    ],
    [
      'an unknown operation in a mix',
      '{token-issue: 2',
      '{token-isue: 2',
      'study.yaml:15: field "workload.1.mix.token-isue": "token-isue" is not an operation; did you mean "token-issue"?',
    ],
    [
      'an empty mix',
      '{token-issue: 2, image-list: 1}',
      '{}',
      'study.yaml:15: field "workload.1.mix": is empty; give at least one operation',
    ],
    [
      'an unreachable site',
      'every-site',
      '[atlantis]',
      'study.yaml:12: field "workload.0.from.0": "atlantis" is not a site of the topology geant2012',
    ],
    ['a site named twice', 'every-site', '[nl, nl]', 'is listed twice'],
    [
      'a tier that is not there',
      'every-site',
      '{tier: nano}',
      'study.yaml:12: field "workload.0.from.tier": the topology geant2012 has no site of the tier nano (allowed: regional)',
    ],
    [
      'a think time of open arrivals',
      'from: every-site',
      'think-time: 1 s',
      'study.yaml:12: field "workload.0.think-time": only users of the runners constant and serial think',
    ],
    [
      'two entries of one name',
      '  - operation',
      '  - name: tokens\n    operation',
      'study.yaml:15: field "workload.1.name": "tokens" is the name of another entry',
    ],
    [
      'a warm-up that is all',
      'warm-up: 10 s',
      'warm-up: 2 min',
      'study.yaml:5: field "warm-up": "2 min" must be shorter than the duration, 2 min',
    ],
    [
      'a start after the end',
      'from: every-site',
      'start: 3 min',
      'study.yaml:12: field "workload.0.start": "3 min" must be before the end, 2 min',
    ],
    [
      'an unknown release',
      'seed: 1',
      'release: zet',
      'study.yaml:2: field "release": "zet" is not a release; did you mean "zed"?',
    ],
    [
      'an unknown service',
      'seed: 1',
      'service-settings: {nova: {workers: 1}}',
      'study.yaml:2: field "service-settings.nova": "nova" is not a service; did you mean "nova-api"?',
    ],
    [
      'an unknown setting',
      'seed: 1',
      'service-settings: {nova-api: {worker: 1}}',
      'study.yaml:2: field "service-settings.nova-api.worker": "worker" is not a setting of nova-api; did you mean "workers"?',
    ],
    [
      'a setting of another type',
      'seed: 1',
      'service-settings: {nova-api: {workers: 0}}',
      'study.yaml:2: field "service-settings.nova-api.workers": 0 must be a whole number from 1',
    ],
    [
      'a baseline that is no level',
      '{placement: centralized}',
      '{placement: centralised}',
      'study.yaml:21: field "baseline.placement": "centralised" is not a level of the factor "placement"; did you mean "centralized"?',
    ],
    [
      'a level that is there twice',
      '[0.5, 1]',
      '[1, 1.0]',
      'study.yaml:20: factor "infrastructure.rtt-scale": the level "1" is there twice',
    ],
  ])('refuses %s', async (_what, from, to, message) => {
    expect(await mistake(changed(from, to))).toContain(message);
  });

  it('refuses a topology in parts, with the sites that are cut off', async () => {
    const nodes = ['a', 'b', 'c', 'd'].map((name, i) => ({ id: i, name, pos: [i, 50] }));
    const edges = [
      { source: 0, target: 1, dist: 70 },
      { source: 2, target: 3, dist: 70 },
    ];
    const text = changed('geant2012', './map.json');
    expect(await mistake(text, { 'map.json': JSON.stringify({ nodes, edges }) })).toMatch(
      /^study\.yaml:7: field "infrastructure.topology": topology map: it is not connected; .* c, d/,
    );
  });

  it('says where a model threw', async () => {
    const throwing = model(`const there = infrastructure.sites.find(({ id }) => id === 'nowhere');
    return controlPlane({ sites: [there!.id] }) as never;`);
    expect(await mistake(useMine(), { [MINE]: throwing })).toBe(
      `mine.ts:9: placement model "mine": Cannot read properties of undefined (reading 'id')`,
    );
  });

  it('says where a model does not parse, or load', async () => {
    expect(await mistake(useMine(), { [MINE]: 'const a = ;\n' })).toMatch(
      /^mine\.ts:1: does not load: Unexpected token/,
    );
    expect(await mistake(useMine(), { [MINE]: '\n\nthrow new Error("no");\n' })).toBe(
      'mine.ts:3: does not load: no',
    );
    expect(await mistake(useMine(), { [MINE]: 'export const model = 1;\n' })).toContain(
      'mine.ts: ',
    );
    expect(await mistake(useMine(), { [MINE]: 'export default { name: "x" };\n' })).toBe(
      'mine.ts: the model has no summary (one sentence)',
    );
  });

  it('refuses a deployment that cannot run, with the role and the site', async () => {
    const text = model(`const plane = controlPlane({ sites: [infrastructure.sites[0].id] });
    const wiring = Object.fromEntries(infrastructure.sites.map(({ id }) => [id, wireSite(plane)]));
    wiring[infrastructure.sites[1].id].clients['nova-api'] = 'nobody';
    return { ...joinControlPlanes([plane]), wiring };`);
    const message = await mistake(useMine(), { [MINE]: text });
    expect(message).toContain(
      'mine.ts: placement model "mine" returned a deployment that cannot run',
    );
    expect(message).toContain('nova-api');
    expect(message).toContain('nobody');
    expect(await mistake(useMine(), { [MINE]: model('return 3 as never;') })).toContain(
      'mine.ts: placement model "mine" did not return a deployment',
    );
  });
});
