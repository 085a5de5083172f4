import { LinkTable } from '../net/link-table.js';
import { Routing } from '../net/routing.js';
import type { Topology } from '../net/topology.js';
import { DeploymentError } from '../placement/check-deployment.js';
import type { Deployment } from '../placement/deployment.js';
import { displayPath, findPlacement, loadPlacement, placeOf } from './load-placement.js';
import {
  checkPlacementBackends,
  type PlacementBackends,
  withBackends,
} from './placement-backends.js';
import { planDeployment, viewInfrastructure } from './plan-deployment.js';
import type { Scenario } from './scenario.js';
import { fieldProblems } from './schema-issues.js';
import { applyToDeployment, type ServiceSettings } from './service-settings.js';
import { FieldError, firstLine, UserError } from './user-error.js';

/** A placement model as an experiment names it, loaded and with its parameters checked. */
export type ChosenPlacement = Scenario['placement'];

/**
 * Loads the model of an experiment's `placement` field and checks its parameters.
 *
 * @param folder Where paths start.
 * @param known Backends that it may name.
 * @throws FieldError or UserError
 */
export async function choosePlacement(
  field: string | { model: string; params?: Record<string, unknown>; backends?: PlacementBackends },
  folder: string,
  known: Scenario['backends'],
): Promise<ChosenPlacement> {
  const {
    model: reference,
    params = {},
    backends,
  } = typeof field === 'string' ? { model: field, backends: undefined } : field;
  if (backends) checkPlacementBackends(backends, known);
  const path = typeof field === 'string' ? ['placement'] : ['placement', 'model'];
  let file: string;
  try {
    file = findPlacement(reference, folder);
  } catch (error) {
    throw error instanceof UserError ? new FieldError(path, error.message) : error;
  }
  const model = await loadPlacement(file);
  const parsed = model.params.safeParse(params);
  if (parsed.success)
    return { name: model.name, model, params: parsed.data, file, ...(backends && { backends }) };
  const [problem] = fieldProblems(model.params, parsed.error, params);
  const where = `parameter of the placement model "${model.name}"`;
  throw new FieldError(
    problem.path.length > 0 ? ['placement', 'params', ...problem.path] : path,
    `${where}: ${problem.text}`,
  );
}

/** Routes by topology and scale: the design points of a study share a few. */
const routings = new WeakMap<Topology, Map<number, Routing>>();

function routingOf({ topology, rttScale }: Scenario['infrastructure']): Routing {
  let scaled = routings.get(topology);
  if (!scaled) {
    scaled = new Map();
    routings.set(topology, scaled);
  }
  let routing = scaled.get(rttScale);
  if (!routing) {
    routing = new Routing(new LinkTable(topology, rttScale));
    scaled.set(rttScale, routing);
  }
  return routing;
}

/**
 * The deployment that a scenario's model plans, with the experiment's settings, checked.
 * @throws UserError that names the model, its file and the line where it threw.
 */
export function planPoint(scenario: Scenario, settings: ServiceSettings): Deployment {
  const { name, model, file, backends } = scenario.placement;
  const routing = routingOf(scenario.infrastructure);
  const view = viewInfrastructure(scenario, (a, b) => 2 * routing.latencyMs(a, b));
  let planned: Deployment;
  try {
    planned = model.plan(view, scenario.placement.params);
    if (backends) planned = withBackends(planned, backends);
  } catch (error) {
    throw new UserError(`${placeOf(error, file)}: placement model "${name}": ${firstLine(error)}`);
  }
  try {
    return planDeployment(withDeployment(scenario, applyToDeployment(planned, settings)), view);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw deploymentMisread(error, scenario);
    throw new UserError(`${displayPath(file)}: ${error.message}`);
  }
}

/** What a model returned may be anything: also something that cannot be read as a deployment. */
function deploymentMisread(error: unknown, { placement }: Scenario): UserError {
  return new UserError(
    `${displayPath(placement.file)}: placement model "${placement.name}" did not return a ` +
      `deployment: ${firstLine(error)}`,
  );
}

function withDeployment(scenario: Scenario, deployment: Deployment): Scenario {
  const model = { ...scenario.placement.model, plan: () => deployment };
  return { ...scenario, placement: { ...scenario.placement, model } };
}
