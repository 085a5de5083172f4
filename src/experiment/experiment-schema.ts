import { z } from 'zod';
import { TOPOLOGY_TIERS } from '../net/topology.js';
import { quantity } from './quantities.js';

/*
 * The form of an experiment file. The JSON Schema for editors and the reference are made from it.
 * `title` is the label of a field that is a factor; every field has a description.
 */

/** Where nothing sets the number of replications: enough for a 95 % interval, t = 2.8. */
const DEFAULT_REPLICATIONS = 5;

const count = z.int().min(1);
const kebabName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be in small letters, digits and single dashes');

const tier = z.enum(TOPOLOGY_TIERS);

const generatedTopology = z.strictObject({
  generator: z.string().describe('Name of a generator: see `fogplane list topologies`.'),
  params: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Parameters of the generator; what is absent has its default.'),
});

const infrastructure = z.strictObject({
  topology: z
    .union([z.string().min(1), generatedTopology])
    .meta({ title: 'topology' })
    .describe('A name in models/topologies, a file (.json, .graphml), or a generator.'),
  'rtt-scale': z
    .number()
    .positive()
    .max(1000)
    .default(1)
    .meta({ title: 'RTT scale' })
    .describe('Multiplies the propagation delay of every link.'),
  'computes-per-site': z
    .int()
    .min(0)
    .max(100_000)
    .default(10)
    .meta({ title: 'computes per site' })
    .describe('Compute nodes of every site of which the topology does not say.'),
  'cores-per-control-node': count
    .max(1024)
    .default(16)
    .meta({ title: 'cores per control node' })
    .describe('Cores that the services, brokers and databases on one control node share.'),
  'vcpus-per-compute': count
    .max(4096)
    .default(32)
    .meta({ title: 'vCPUs per compute' })
    .describe(
      'Processor threads of a compute node; with the overcommitment, its room for servers.',
    ),
  'servers-per-compute': z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .meta({ title: 'servers per compute' })
    .describe('Servers that exist on every compute node at the start.'),
  'image-size': quantity('size', { isZeroAllowed: false })
    .default('300 MiB')
    .meta({ title: 'image size' })
    .describe('Bytes of the image that a new server needs, such as "300 MiB".'),
  'link-capacity': quantity('rate', { isZeroAllowed: false })
    .optional()
    .meta({ title: 'link capacity' })
    .describe('Capacity of links of which the topology does not say; default 10 Gbit/s.'),
  jitter: quantity('duration')
    .optional()
    .meta({ title: 'jitter' })
    .describe('Mean random delay of a message on a link of which the topology does not say.'),
  'loss-rate': z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .meta({ title: 'loss rate' })
    .describe('Share of packets lost on a link of which the topology does not say.'),
  'path-stretch': z
    .number()
    .min(1)
    .max(10)
    .optional()
    .meta({ title: 'path stretch' })
    .describe('Cable length over great-circle length; default 1.5.'),
});

const placement = z
  .union([
    z.string().min(1),
    z.strictObject({
      model: z.string().min(1).describe('A name or the path of a file.'),
      params: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('Parameters of the model; what is absent has its default.'),
      backends: z
        .strictObject({ bus: z.string().min(1).optional(), database: z.string().min(1).optional() })
        .optional()
        .describe('Backends (models/backends) of all its buses and databases, for those it chose.'),
    }),
  ])
  .meta({ title: 'placement' })
  .describe(
    'A placement model: a name in models/placements, the path of a file, or one with parameters.',
  );

const from = z
  .union([
    z.literal('every-site'),
    z.array(z.string()).min(1),
    z.strictObject({ tier: z.union([tier, z.array(tier).min(1)]) }),
  ])
  .default('every-site')
  .describe('Where the users are: every-site, a list of sites, or the sites of a tier.');

const arrivals = z
  .strictObject({
    poisson: quantity('frequency', { isZeroAllowed: false })
      .optional()
      .describe('Mean rate at each site, such as "2 per min"; exponential gaps.'),
    'constant-rate': quantity('frequency', { isZeroAllowed: false })
      .optional()
      .describe('Rate at each site; equal gaps.'),
  })
  .check(exactlyOne('poisson', 'constant-rate'))
  .describe('Requests that come whether or not earlier ones are answered.');

const times = count.optional().describe('Requests per site in all; absent: until the end.');
const runner = z
  .strictObject({
    constant: z
      .strictObject({
        concurrency: count.describe('Users per site; each begins anew when its request has ended.'),
        times,
      })
      .optional(),
    serial: z.strictObject({ times }).optional().describe('One user per site.'),
    burst: z.strictObject({ count }).optional().describe('So many requests per site at once.'),
  })
  .check(exactlyOne('constant', 'serial', 'burst'))
  .describe('Rally-style runners: a fixed number of users who wait for the answer.');

const thinkTime = z
  .union([quantity('duration'), z.strictObject({ exponential: quantity('duration') })])
  .optional()
  .describe('Pause of a user of a runner between an answer and the next request.');

const workloadEntry = z
  .strictObject({
    name: kebabName.optional().describe('Names the entry in paths; default: its operation.'),
    operation: z.string().optional().describe('See `fogplane list operations`.'),
    mix: z
      .record(z.string(), z.number().positive())
      .optional()
      .describe('Operations with their weights, in place of one operation.'),
    sequence: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Operations in turn, over and over, in place of one operation.'),
    from,
    arrivals: arrivals.optional(),
    runner: runner.optional(),
    'think-time': thinkTime,
    start: quantity('duration')
      .default('0 s')
      .describe('When the entry begins, in simulated time.'),
  })
  .check(exactlyOne('operation', 'mix', 'sequence'))
  .check(exactlyOne('arrivals', 'runner'));

const fault = z
  .strictObject({
    at: quantity('duration').describe('When it begins, in simulated time, warm-up included.'),
    for: quantity('duration', { isZeroAllowed: false }).describe('How long it lasts.'),
    'site-cut-off': z.string().optional().describe('A site all of whose links are down.'),
    'link-down': z
      .tuple([z.string(), z.string()])
      .optional()
      .describe('Two sites; all links between them are down.'),
    'broker-kill': z
      .string()
      .optional()
      .describe('A site all of whose RabbitMQ brokers are killed, and started again afterwards.'),
  })
  .check(exactlyOne('site-cut-off', 'link-down', 'broker-kill'));

const settings = z.record(
  z.string(),
  z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])),
);

const level = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

export const experimentSchema = z
  .strictObject({
    name: kebabName.describe('Names the folder of the results.'),
    question: z.string().default('').describe('What the study answers, for its reader.'),
    seed: z
      .union([z.int(), z.string().min(1)])
      .default(1)
      .describe('Another seed gives other users, failures and jitter.'),
    replications: z
      .int()
      .min(1)
      .max(100_000)
      .default(DEFAULT_REPLICATIONS)
      .describe('Runs of every design point, each with random numbers of its own.'),
    duration: quantity('duration', { isZeroAllowed: false })
      .meta({ title: 'duration' })
      .describe('Simulated time of a run, warm-up included, such as "30 min".'),
    'warm-up': quantity('duration', { also: ['auto'] })
      .default('auto')
      .meta({ title: 'warm-up' })
      .describe('Left out of every result; auto: found by MSER-5 from a pilot run.'),
    release: z
      .string()
      .default('zed')
      .meta({ title: 'release' })
      .describe('OpenStack release of the footprints, a folder in models/operations.'),
    infrastructure,
    placement,
    workload: z.array(workloadEntry).min(1).describe('What users do; entries run side by side.'),
    faults: z
      .array(fault)
      .optional()
      .describe('What fails, when and for how long; none by default.'),
    'service-settings': settings
      .optional()
      .describe(
        'By service: workers, concurrency, pool-size, pool-overflow, keep-alive, settings.',
      ),
    factors: z
      .record(z.string(), z.array(level).min(1))
      .optional()
      .describe('Paths of fields in this file and their levels; every combination is simulated.'),
    baseline: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .optional()
      .describe('A factor and the level that the others are compared with.'),
  })
  .meta({ title: 'fogplane experiment' });

/** An experiment as validated, defaults filled in. */
export type Experiment = z.infer<typeof experimentSchema>;
export type ExperimentWorkloadEntry = z.infer<typeof workloadEntry>;

/** The fields of which one and only one must be there. */
function exactlyOne(...names: string[]) {
  return (context: z.core.ParsePayload<Record<string, unknown>>) => {
    const given = names.filter((name) => context.value[name] !== undefined);
    if (given.length === 1) return;
    const message =
      given.length === 0
        ? `needs one of ${names.join(', ')}`
        : `has ${given.join(' and ')}; only one of ${names.join(', ')} is allowed`;
    context.issues.push({ code: 'custom', message, input: context.value });
  };
}
