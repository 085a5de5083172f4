import { withValues } from '../cloud/backend-constants.js';
import type { PlannedScenario } from '../experiment/study.js';

/** A number of the model that has a range. */
export interface VariedConstant {
  /** `backend/constant`, or `testbed/core-speed`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly source: string;
  /** True where no measurement stands behind it. */
  readonly assumption: boolean;
}

/** Cores against those on which CPU was measured: nobody knows a user's machines. */
const CORE_SPEED: VariedConstant = {
  name: 'testbed/core-speed',
  value: 1,
  unit: 'times',
  low: 0.5,
  high: 2,
  source: 'assumption: half to twice the cores of the measured testbed',
  assumption: true,
};

/** The constants that a scenario's outcome can depend on: those of the backends that it deploys. */
export function variedConstants(scenario: PlannedScenario): VariedConstant[] {
  const { buses, databases } = scenario.placement.deployment;
  const used = new Set([...buses, ...databases].map(({ backend }) => backend));
  const constants = Object.values(scenario.backends)
    .filter(({ backend }) => used.has(backend))
    .flatMap(({ backend, constants }) =>
      Object.entries(constants).map(
        ([name, { value, unit, range, source, assumption }]): VariedConstant => ({
          name: `${backend}/${name}`,
          value,
          unit,
          low: range[0],
          high: range[1],
          source,
          assumption: assumption ?? false,
        }),
      ),
    )
    .filter(({ low, high }) => high > low);
  return [CORE_SPEED, ...constants];
}

/** The scenario with other values of some constants, by name. */
export function withConstants(
  scenario: PlannedScenario,
  values: ReadonlyMap<string, number>,
): PlannedScenario {
  const backends = withValues(scenario.backends, values);
  const coreSpeed = values.get(CORE_SPEED.name) ?? scenario.infrastructure.coreSpeed;
  return { ...scenario, backends, infrastructure: { ...scenario.infrastructure, coreSpeed } };
}
