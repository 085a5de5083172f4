import { buildCloud, type ServiceDefaults } from '../cloud/build-cloud.js';
import type { Cloud } from '../cloud/cloud.js';
import { defineEventKind } from '../kernel/event-kind.js';
import { Simulator } from '../kernel/simulator.js';
import { Network } from '../net/network.js';
import { type CompiledRelease, ReleaseCompiler } from '../operations/compile-release.js';
import { Machine } from '../operations/machine.js';
import { OperationRecorder } from '../operations/operation-recorder.js';
import { startPeriodicTasks } from '../operations/periodic-tasks.js';
import { OperationStarter } from '../operations/start-operations.js';
import type { ServiceName } from '../placement/deployment.js';
import { RandomStreams } from '../random/index.js';
import { mser5 } from '../stats/index.js';
import { parseDuration, parseSize } from '../units/index.js';
import { startFaults, startWorkload } from '../workload/index.js';
import { collectResults } from './collect-results.js';
import { failingParts } from './failing-parts.js';
import { planDeployment, viewInfrastructure } from './plan-deployment.js';
import type { RunResult } from './results.js';
import type { Scenario } from './scenario.js';

/**
 * Overcommitment of processors: servers of one vCPU that Nova places on a core
 * (`initial_cpu_allocation_ratio`, its default since Stein).
 */
const CPU_ALLOCATION_RATIO = 16;

/** One run in progress. */
export interface Run {
  readonly simulator: Simulator;
  readonly cloud: Cloud;
  readonly machine: Machine;
  readonly recorder: OperationRecorder;
}

/**
 * Simulates one scenario. Pure: the result depends on the scenario alone.
 * Throws DeploymentError, or what the placement model throws.
 */
export function simulateRun(scenario: Scenario): RunResult {
  const release = compileRelease(scenario);
  const warmUpMs = scenario.warmUpMs === 'auto' ? findWarmUp(scenario, release) : scenario.warmUpMs;
  const run = prepare(scenario, release, warmUpMs);
  const { simulator } = run;
  simulator.schedule(warmUpMs, warmUpOver, run);
  simulator.runUntil(scenario.durationMs);
  return collectResults(scenario, run.cloud, run.recorder, warmUpMs);
}

/** Builds what a scenario describes, at time 0 of its simulation: for tools that look inside a run. */
export function startRun(scenario: Scenario): Run {
  const warmUpMs = scenario.warmUpMs === 'auto' ? 0 : scenario.warmUpMs;
  return prepare(scenario, compileRelease(scenario), warmUpMs);
}

const warmUpOver = defineEventKind('warm-up-over', (run: Run) => resetStatistics(run));

function resetStatistics({ cloud }: Run): void {
  cloud.network.resetStatistics();
  for (const bus of cloud.buses) bus.resetStatistics();
  for (const database of cloud.databases) database.resetStatistics();
  for (const node of cloud.nodes) node.cpu.resetStatistics();
  cloud.groupCpuMs.fill(0);
  for (const group of cloud.groups) group.resetStatistics(cloud.simulator.now);
}

function compileRelease(scenario: Scenario): CompiledRelease {
  const { services, operations } = scenario.footprints;
  return new ReleaseCompiler(services, operations).compile();
}

function memoryOf(quantity: string | undefined): number {
  return quantity === undefined ? Number.NaN : parseSize(quantity);
}

/** CPU in a second as a share of a core. */
function coresOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : parseDuration(quantity) / 1000;
}

function durationOf(quantity: string | undefined): number | undefined {
  return quantity === undefined ? undefined : parseDuration(quantity);
}

function serviceDefaults(release: CompiledRelease): Map<ServiceName, ServiceDefaults> {
  return new Map(
    [...release.footprints].map(([service, { server, settings }]) => [
      service,
      {
        workers: server.workers,
        concurrency: server.concurrency,
        poolSize: server['pool-size'],
        poolOverflow: server['pool-overflow'],
        poolTimeoutMs: durationOf(server['pool-timeout']),
        keepAlive: server['keep-alive'],
        workerMemoryBytes: memoryOf(server['memory-per-worker']),
        idleCoresOfParent: coresOf(server['idle-cpu-of-parent']),
        idleCoresPerWorker: coresOf(server['idle-cpu-per-worker']),
        busConnections: server['bus-connections-per-worker'],
        settings: settings ?? {},
      },
    ]),
  );
}

function prepare(scenario: Scenario, release: CompiledRelease, countFromMs: number): Run {
  const { infrastructure } = scenario;
  const simulator = new Simulator();
  const streams = new RandomStreams(scenario.seed, scenario.replication);
  const network = new Network(
    simulator,
    infrastructure.topology,
    { rttScale: infrastructure.rttScale },
    streams,
  );
  const view = viewInfrastructure(scenario, (a, b) => network.roundTripMs(a, b));
  const deployment = planDeployment(scenario, view);
  const cloud = buildCloud({
    simulator,
    network,
    streams,
    sites: view.sites,
    deployment,
    services: serviceDefaults(release),
    backends: scenario.backends,
    settingNames: release.names.settings.names,
    coresPerControlNode: infrastructure.coresPerControlNode,
    coreSpeed: infrastructure.coreSpeed,
    coreContention: infrastructure.coreContention,
    serversThatFit: infrastructure.vcpusPerCompute * CPU_ALLOCATION_RATIO,
    serversPerCompute: infrastructure.serversPerCompute,
    imageSizeBytes: infrastructure.imageSizeBytes,
  });
  const recorder = new OperationRecorder(release.operations, countFromMs);
  const machine = new Machine(cloud, release, recorder);
  const starter = new OperationStarter(machine);
  startPeriodicTasks(machine, starter);
  const siteIndexes = new Map(cloud.siteIds.map((id, index) => [id, index]));
  startWorkload(
    simulator,
    scenario.workload,
    streams,
    (id) => siteIndexes.get(id) as number,
    starter,
  );
  startFaults(simulator, failingParts(cloud, infrastructure.topology), scenario.faults ?? []);
  return { simulator, cloud, machine, recorder };
}

/**
 * A pilot run of the same scenario and seed finds where the latencies have settled: MSER-5 over
 * them in the order in which the requests ended; the cut is the start of the first one kept.
 */
function findWarmUp(scenario: Scenario, release: CompiledRelease): number {
  const pilot = prepare(scenario, release, 0);
  pilot.recorder.observations = [];
  pilot.simulator.runUntil(scenario.durationMs);
  const { observations } = pilot.recorder;
  const cut = mser5(observations.map(({ latencyMs }) => latencyMs));
  return observations[cut]?.startMs ?? 0;
}
