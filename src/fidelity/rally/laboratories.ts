import { join } from 'node:path';
import { z } from 'zod';
import { readData } from '../../experiment/load-data.js';
import { packageRoot } from '../../experiment/registry.js';

const positive = z.number().positive();
const seconds = z.number().min(0);

const stationSchema = z.strictObject({
  /**
   * `spread`: requests over the servers by chance, each shares its core; `cooperative`: by chance,
   * too, but who has a server keeps it until it waits; `line`: first come, first served.
   */
  kind: z.enum(['spread', 'cooperative', 'line']),
  servers: z.number().int().min(1),
  /** Bursts into which a demand is cut; at `spread` each finds a server of its own. Default 1. */
  bursts: z.number().int().min(1).optional(),
  /** Share of a demand that is work of the server; for the rest the request waits elsewhere. Default 1. */
  busy: z.number().min(0).max(1).optional(),
});

/** What a laboratory has of its own at a station. */
const ownStationSchema = z.strictObject({
  servers: z.number().int().min(1).optional(),
  /** In place of the laboratory's, where a service has hardware or a back end of its own. */
  speed: positive.optional(),
});

const laboratorySchema = z.strictObject({
  name: z.string(),
  /** Regular expression over the figure's system and set-up; the first that fits counts. */
  match: z.string(),
  /** All times of the first laboratory are divided by it. */
  speed: positive,
  /** Coefficient of variation of a demand. */
  variation: positive,
  /** Coefficient of variation of a wait. */
  'wait-variation': positive,
  /** A list of servers stops at so many (`osapi_max_limit`). */
  'longest-list': z.number().int().min(1).optional(),
  stations: z.record(z.string(), ownStationSchema).optional(),
});

const actionSchema = z.strictObject({
  station: z.string(),
  demand: positive,
  /** So much longer at the first of its kind in an iteration, beside the station. */
  first: seconds.optional(),
  /** For each object of the kind `lists`, in one burst. */
  'per-object': seconds.optional(),
  wait: seconds.optional(),
  /** Rally looks whether it is done after `after` seconds and then `every` so many. */
  poll: z.strictObject({ after: seconds, every: positive }).optional(),
  /** This share of requests is begun again after a pause. */
  retry: z.strictObject({ share: z.number().min(0).max(0.5), pause: seconds }).optional(),
  timeout: positive,
  adds: z.string().optional(),
  lists: z.string().optional(),
});
export type RallyAction = z.infer<typeof actionSchema>;

const partSchema = z.strictObject({
  actions: z.array(z.string()).min(1),
  /** Repetitions by laboratory; default 1. */
  times: z.record(z.string(), z.number().int().min(1)).optional(),
  /** Only where the report lists it. */
  optional: z.boolean().optional(),
});
export type ScenarioPart = z.infer<typeof partSchema>;

const schema = z.strictObject({
  stations: z.record(z.string(), stationSchema),
  laboratories: z.array(laboratorySchema).min(1),
  actions: z.record(z.string(), actionSchema),
  scenarios: z.record(z.string(), z.array(partSchema).min(1)),
});
export type RallyModel = z.infer<typeof schema>;
export type Laboratory = RallyModel['laboratories'][number];

/** Where the fitted times stand. */
export function rallyModelFile(): string {
  return join(packageRoot(), 'models/rally/laboratories.yaml');
}

/** models/rally/laboratories.yaml. @throws UserError */
export function loadRallyModel(): RallyModel {
  return readData(rallyModelFile(), schema);
}

/** The laboratory of a figure, or undefined for one that nothing is known of. */
export function laboratoryOf(model: RallyModel, setUp: string): Laboratory | undefined {
  return model.laboratories.find(({ match }) => new RegExp(match).test(setUp));
}

/** An action's own entry and how often it is done in a row: `create_10_security_groups` is ten of one. */
export function unitOf(
  model: RallyModel,
  name: string,
): { unit: string; action: RallyAction; repeat: number } | undefined {
  const count = /_(\d+)_/.exec(name);
  const unit = count ? name.replace(/_\d+_/, '_N_') : name;
  const action = model.actions[unit];
  return action ? { unit, action, repeat: count ? Number(count[1]) : 1 } : undefined;
}
