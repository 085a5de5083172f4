import type { Options } from 'yargs';
import type { Command } from './command.js';

const DEFAULT_STUDY = 'experiments/one-bus-or-many/experiment.yaml';

const file = { name: 'file', describe: 'An experiment file (YAML)' };
const set: Options = {
  type: 'string',
  describe: 'Fix a field: path=value; a factor then has this one level. May be repeated',
};

export const COMMANDS: readonly Command[] = [
  {
    name: 'run',
    usage: 'run <file>',
    summary: 'Run an experiment and write its results',
    positionals: [file],
    options: {
      workers: { type: 'string', describe: 'Runs at a time; default: one per processor core' },
      out: { type: 'string', describe: 'Folder of the results; default: results/<name>' },
      seed: { type: 'string', describe: "Seed in place of the file's" },
      replications: { type: 'string', describe: "Replications in place of the file's" },
      set,
      quiet: { type: 'boolean', describe: 'Print nothing but errors' },
      json: { type: 'boolean', describe: 'Print the summary as JSON' },
    },
    examples: [
      [`run ${DEFAULT_STUDY}`, 'the default study'],
      [
        `run ${DEFAULT_STUDY} --set placement=cells --replications 2 --out /tmp/cells`,
        'one placement of it, quickly, elsewhere',
      ],
    ],
    run: async (given) => (await import('./run-command.js')).runCommand(given),
  },
  {
    name: 'check',
    usage: 'check <file>',
    summary: 'Check an experiment and all that it names, and run nothing',
    positionals: [file],
    options: { set },
    examples: [
      [`check ${DEFAULT_STUDY}`, 'says how many runs it would be'],
      [`check ${DEFAULT_STUDY} --set placement=./my-model.ts`, 'whether a model of yours plans it'],
    ],
    run: async (given) => (await import('./check-command.js')).checkCommand(given),
  },
  {
    name: 'fidelity',
    usage: 'fidelity',
    summary: 'Say how far simulated figures are from measured ones',
    positionals: [],
    options: {
      family: { type: 'string', describe: 'Only this family of figures' },
      figures: {
        type: 'string',
        describe: 'Judge further figures, from a CSV in the columns of a source',
      },
      source: { type: 'string', describe: "The source of --figures; default: the file's name" },
      csv: { type: 'string', describe: 'Write the ledger to this file too' },
    },
    examples: [
      ['fidelity --family zed-wan', 'OpenStack Zed with parts of it behind a WAN'],
      [
        'fidelity --figures /tmp/more.csv --source wan --csv /tmp/judged.csv',
        'figures of your own',
      ],
    ],
    run: async (given) => (await import('./fidelity-command.js')).fidelityCommand(given),
  },
  {
    name: 'sensitivity',
    usage: 'sensitivity <file>',
    summary: 'Say on which constants of the model the answer of an experiment rests',
    positionals: [file],
    options: {
      operation: { type: 'string', describe: 'Whose mean latency; default: server-create' },
      milestone: { type: 'string', describe: 'Up to which milestone; default: active' },
      trajectories: { type: 'string', describe: 'Of the Morris screening; default 4, 0 for none' },
      out: { type: 'string', describe: 'Folder of sensitivity.csv; default: results/<name>' },
      set,
    },
    examples: [
      [`sensitivity ${DEFAULT_STUDY} --set placement=centralized`, 'one placement'],
      [
        `sensitivity ${DEFAULT_STUDY} --set infrastructure.computes-per-site=1 --trajectories 0`,
        'all placements, one constant at a time',
      ],
    ],
    run: async (given) => (await import('./sensitivity-command.js')).sensitivityCommand(given),
  },
  {
    name: 'calibrate',
    usage: 'calibrate <family>',
    summary: 'Fit constants of backends to measured figures',
    positionals: [{ name: 'family', describe: 'A family of figures, as fidelity prints it' }],
    options: {
      constant: {
        type: 'string',
        describe: 'What to fit: backend/constant, within its range. May be repeated',
      },
      figures: {
        type: 'string',
        describe: 'Figures of your own (CSV) in place of those of the family that calibrate',
      },
      source: { type: 'string', describe: "Name of the figures' source; default: the file's" },
      iterations: { type: 'string', describe: 'Steps of Levenberg and Marquardt; default 6' },
      replications: { type: 'string', describe: 'Runs of each set-up; default 1' },
      csv: { type: 'string', describe: 'File for every figure, before and after' },
      write: { type: 'boolean', describe: 'Put what was fitted into models/backends' },
    },
    examples: [
      ['calibrate etcd --constant etcd/cpu-per-request', 'one constant, to what was measured'],
      [
        'calibrate keystone-regions --constant cockroachdb/request-latency --constant cockroachdb/restart-share',
        'two of them, to whole requests',
      ],
    ],
    run: async (given) => (await import('./calibrate-command.js')).calibrateCommand(given),
  },
  {
    name: 'list',
    usage: 'list [what]',
    summary: 'List placements, topologies, operations, backends and studies',
    positionals: [{ name: 'what', describe: 'One of these; default: all' }],
    options: {},
    examples: [
      ['list', 'everything that an experiment can name'],
      ['list topologies', 'the backbones and generators'],
    ],
    run: async (given) => (await import('./list-command.js')).listCommand(given),
  },
  {
    name: 'new-model',
    usage: 'new-model <name>',
    summary: 'Write a working placement model to start from',
    positionals: [{ name: 'name', describe: 'Small letters, digits and dashes' }],
    options: {},
    examples: [
      ['new-model two-hubs', 'writes models/placements/two-hubs.ts'],
      ['new-model glance-at-the-edge', 'prints the command that runs it in the default study'],
    ],
    run: async (given) => (await import('./new-model-command.js')).newModelCommand(given),
  },
];
