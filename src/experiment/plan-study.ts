import type { Deployment } from '../placement/deployment.js';
import { checkLabels, type DesignPoint, designPoints, levelLabel } from './design-points.js';
import type { ExperimentFile } from './experiment-file.js';
import { type Experiment, experimentSchema } from './experiment-schema.js';
import { type Footprints, loadBackends, loadFootprints } from './load-data.js';
import { choosePlacement, planPoint } from './plan-point.js';
import { describeProvenance } from './provenance.js';
import { quantityValue } from './quantities.js';
import { checkFaults, resolveFaults } from './resolve-faults.js';
import { resolveTopology, type TopologyCache } from './resolve-topology.js';
import { resolveWorkload } from './resolve-workload.js';
import type { Scenario } from './scenario.js';
import { applyToFootprints } from './service-settings.js';
import type { PlannedScenario, PlannedStudy } from './study.js';
import type { StudyFactor } from './study-description.js';
import { FieldError, quote, suggestName, UserError } from './user-error.js';
import type { FieldPath } from './yaml-file.js';

const PLACEMENT = 'placement';

/**
 * Looks up everything that an experiment names, plans every design point and checks it: after this,
 * a run can only fail by a fault of the simulator.
 *
 * @throws UserError naming file, line, field, value and what is allowed.
 */
export function planStudy(file: ExperimentFile): Promise<PlannedStudy> {
  return new StudyPlanner(file).plan();
}

class StudyPlanner {
  private readonly backends = loadBackends();
  private readonly topologies: TopologyCache = new Map();
  private readonly footprints = new Map<string, Footprints>();
  /** Design points that differ in what a model does not see have one deployment. */
  private readonly deployments = new Map<string, Deployment>();

  constructor(private readonly file: ExperimentFile) {}

  async plan(): Promise<PlannedStudy> {
    const { file } = this;
    await this.checkShadowed();
    const labels = await this.labelFactors();
    const scenarios: PlannedScenario[] = [];
    for (const point of designPoints(file)) {
      try {
        scenarios.push(await this.planPoint(point, labels));
      } catch (error) {
        throw this.located(error, point);
      }
    }
    const { experiment } = file;
    const factors = this.studyFactors(labels, scenarios[0].placement.name);
    const { baseline, notes } = this.baseline(labels);
    const study = {
      name: experiment.name,
      question: experiment.question,
      seed: String(experiment.seed),
      replications: experiment.replications,
      factors,
      baseline,
      provenance: undefined as unknown,
    };
    study.provenance = describeProvenance(file, study, scenarios);
    return { study, replications: experiment.replications, scenarios, notes };
  }

  /** A model or topology that a factor replaces at every point must exist all the same. */
  private async checkShadowed(): Promise<void> {
    const { file } = this;
    const { placement, infrastructure } = file.experiment;
    try {
      if (file.value.placement !== undefined)
        await choosePlacement(placement, file.folder, this.backends);
      at(['infrastructure', 'topology'], () =>
        resolveTopology(infrastructure, file.folder, this.topologies),
      );
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      throw new UserError(`${file.locate(error.path)}: ${error.message}`);
    }
  }

  /** The printed form of every level, by factor. */
  private async labelFactors(): Promise<string[][]> {
    const all: string[][] = [];
    for (const factor of this.file.factors) {
      const labels: string[] = [];
      for (const [index, level] of factor.levels.entries()) {
        const name = factor.name === PLACEMENT ? await this.placementName(level, index) : undefined;
        labels.push(levelLabel(factor.path, level, name));
      }
      checkLabels(this.file, factor, labels);
      all.push(labels);
    }
    return all;
  }

  private async placementName(level: unknown, index: number): Promise<string> {
    try {
      return (
        await choosePlacement(level as Experiment['placement'], this.file.folder, this.backends)
      ).name;
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const factor = this.file.factors.find(({ name }) => name === PLACEMENT)!;
      throw new UserError(`${this.file.locateLevel(factor, index)}: ${error.message}`);
    }
  }

  private async planPoint(point: DesignPoint, labels: string[][]): Promise<PlannedScenario> {
    const { file } = this;
    const experiment = experimentSchema.parse(point.value);
    const fields = experiment.infrastructure;
    const placement = await choosePlacement(experiment.placement, file.folder, this.backends);
    const topology = at(['infrastructure', 'topology'], () =>
      resolveTopology(fields, file.folder, this.topologies),
    );
    const settings = experiment['service-settings'] ?? {};
    const footprints = applyToFootprints(this.footprintsOf(experiment.release), settings);
    const operations = Object.keys(footprints.operations.operations);
    const faults = resolveFaults(experiment, topology);
    const scenario: Scenario = {
      experiment: experiment.name,
      point: point.point,
      replication: 1,
      seed: String(experiment.seed),
      factors: this.pointFactors(point, labels, placement.name),
      ...durations(experiment),
      infrastructure: {
        topology,
        rttScale: fields['rtt-scale'],
        computesPerSite: fields['computes-per-site'],
        coresPerControlNode: fields['cores-per-control-node'],
        vcpusPerCompute: fields['vcpus-per-compute'],
        serversPerCompute: fields['servers-per-compute'],
        imageSizeBytes: quantityValue('size', fields['image-size']),
      },
      placement,
      workload: resolveWorkload(experiment.workload, topology, operations),
      ...(faults.length > 0 && { faults }),
      footprints,
      backends: this.backends,
    };
    const { replication, ...rest } = scenario;
    const { name, params, file: modelFile, backends } = placement;
    const deployment = this.deploymentOf(scenario, experiment);
    checkFaults(scenario, deployment);
    const chosen = { name, params, file: modelFile, deployment, ...(backends && { backends }) };
    return { ...rest, placement: chosen };
  }

  private footprintsOf(release: string): Footprints {
    let footprints = this.footprints.get(release);
    if (!footprints) {
      footprints = at(['release'], () => loadFootprints(release));
      this.footprints.set(release, footprints);
    }
    return footprints;
  }

  private deploymentOf(scenario: Scenario, experiment: Experiment): Deployment {
    const { placement, infrastructure, footprints } = scenario;
    const { topology, imageSizeBytes, ...numbers } = infrastructure;
    const { topology: topologyField, ...fields } = experiment.infrastructure;
    const operations = scenario.workload.map(({ mix }) => mix.map(({ operation }) => operation));
    const settings = experiment['service-settings'] ?? {};
    const key = JSON.stringify([
      [placement.file, placement.params, placement.backends, footprints.release],
      [topologyField, numbers],
      [fields['path-stretch'], operations, settings],
    ]);
    let deployment = this.deployments.get(key);
    if (!deployment) {
      deployment = planPoint(scenario, settings);
      this.deployments.set(key, deployment);
    }
    return deployment;
  }

  private pointFactors(
    { levels }: DesignPoint,
    labels: string[][],
    placement: string,
  ): Record<string, string> {
    const { factors } = this.file;
    const printed = factors.map(({ name }, i) => [name, labels[i][levels[i]]] as const);
    const all = Object.fromEntries(printed);
    return PLACEMENT in all ? all : { [PLACEMENT]: placement, ...all };
  }

  /** A study of one placement has it as a factor of one level: results always name the placement. */
  private studyFactors(labels: string[][], placement: string): StudyFactor[] {
    const factors = this.file.factors.map(({ name, label }, index) => ({
      path: name,
      label,
      levels: labels[index],
    }));
    const hasPlacement = factors.some(({ path }) => path === PLACEMENT);
    const only = { path: PLACEMENT, label: PLACEMENT, levels: [placement] };
    return hasPlacement ? factors : [only, ...factors];
  }

  private baseline(labels: string[][]): { baseline: Record<string, string>; notes: string[] } {
    const { experiment, factors, locate } = this.file;
    const baseline: Record<string, string> = {};
    const notes: string[] = [];
    for (const [name, value] of Object.entries(experiment.baseline ?? {})) {
      const index = factors.findIndex((factor) => factor.name === name);
      const { levels, isSet } = factors[index];
      const known = labels[index];
      const level = levels.findIndex((each, i) => each === value || known[i] === String(value));
      if (level >= 0) {
        baseline[name] = known[level];
        continue;
      }
      const problem = `${quote(value)} is not a level of the factor "${name}"`;
      // Where the command line took the baseline out of the study, the file is not wrong.
      if (!isSet) {
        const suggestion = suggestName(String(value), known);
        throw new UserError(`${locate(['baseline', name])}: ${problem}${suggestion}`);
      }
      notes.push(`no differences to the baseline: ${problem} in this run`);
    }
    return { baseline, notes };
  }

  /** Adds the place to a mistake: the level of a factor, or the field. */
  private located(error: unknown, { levels }: DesignPoint): unknown {
    if (!(error instanceof FieldError)) return error;
    const { factors, locate, locateLevel } = this.file;
    const touches = (path: FieldPath) =>
      path.every((key, i) => i >= error.path.length || key === error.path[i]);
    const index = factors.findIndex(({ path }) => touches(path));
    const where = index < 0 ? locate(error.path) : locateLevel(factors[index], levels[index]);
    return new UserError(`${where}: ${error.message}`);
  }
}

/** Has a mistake below belong to a field. */
function at<Result>(path: FieldPath, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof UserError ? new FieldError(path, error.message) : error;
  }
}

function durations(experiment: Experiment): Pick<Scenario, 'durationMs' | 'warmUpMs'> {
  const durationMs = quantityValue('duration', experiment.duration);
  const warmUp = experiment['warm-up'];
  const warmUpMs = warmUp === 'auto' ? warmUp : quantityValue('duration', warmUp);
  if (warmUpMs !== 'auto' && warmUpMs >= durationMs) {
    const problem = `${quote(warmUp)} must be shorter than the duration, ${experiment.duration}`;
    throw new FieldError(['warm-up'], problem);
  }
  for (const [index, { start }] of experiment.workload.entries()) {
    if (quantityValue('duration', start) < durationMs) continue;
    const problem = `${quote(start)} must be before the end, ${experiment.duration}`;
    throw new FieldError(['workload', index, 'start'], problem);
  }
  return { durationMs, warmUpMs };
}
