import { type RallyModel, unitOf } from '../../src/fidelity/rally/laboratories.js';

/** A number of models/rally/laboratories.yaml that is fitted. */
export interface RallyParameter {
  /** Where it stands in the file. */
  readonly path: readonly (string | number)[];
  /** Exactly, where the model takes whole numbers: small steps must not come to nothing. */
  get(): number;
  /** Keeps it within its range. */
  set(value: number): void;
  /** As the model takes it. */
  applied(): number;
  /** A value a little larger that makes a difference. */
  nudged(): number;
  /** Whether a load of a laboratory with these calls hangs on it. */
  decides(run: { readonly laboratory: string; readonly calls: readonly string[] }): boolean;
}

/** Share by which a parameter is moved to see what it does. */
const NUDGE = 0.08;

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  variation: [0.03, 1],
  'wait-variation': [0.02, 1],
  servers: [1, 500],
  busy: [0.02, 1],
  share: [0.005, 0.3],
  pause: [0.1, 2],
};

function parameterOf(
  owner: Record<string, unknown>,
  key: string,
  path: readonly (string | number)[],
  decides: RallyParameter['decides'],
): RallyParameter {
  const [least, most] = RANGES[key] ?? [1e-7, 1e7];
  const isWhole = key === 'servers';
  let exact = Number(owner[key]);
  return {
    path: [...path, key],
    get: () => exact,
    applied: () => Number(owner[key]),
    set(value) {
      exact = Math.min(most, Math.max(least, value));
      owner[key] = isWhole ? Math.round(exact) : exact;
    },
    nudged: () =>
      isWhole ? Math.max(Math.round(exact) + 1, exact * (1 + NUDGE)) : exact * (1 + NUDGE),
    decides,
  };
}

/** What is fitted: of laboratories, of actions, and the share of Neutron's work that is its own. */
export function parametersOf(model: RallyModel): RallyParameter[] {
  const stationOf = (call: string) => unitOf(model, call)?.action.station;
  const laboratories = model.laboratories.flatMap((laboratory, index) => {
    const path = ['laboratories', index];
    const isOwn = (run: { laboratory: string }) => run.laboratory === laboratory.name;
    const keys = ['variation', 'wait-variation', ...(index > 0 ? ['speed'] : [])];
    const own = keys.map((key) =>
      parameterOf(laboratory as Record<string, unknown>, key, path, isOwn),
    );
    const stations = Object.entries(laboratory.stations ?? {}).flatMap(([name, station]) =>
      Object.keys(station).map((key) =>
        parameterOf(
          station as Record<string, unknown>,
          key,
          [...path, 'stations', name],
          (run) => isOwn(run) && run.calls.some((call) => stationOf(call) === name),
        ),
      ),
    );
    return [...own, ...stations];
  });
  const actions = Object.entries(model.actions).flatMap(([unit, action]) => {
    const uses: RallyParameter['decides'] = ({ calls }) =>
      calls.some((call) => unitOf(model, call)?.unit === unit);
    const keys = ['demand', 'first', 'per-object', 'wait'].filter((key) => key in action);
    const times = keys.map((key) =>
      parameterOf(action as Record<string, unknown>, key, ['actions', unit], uses),
    );
    const { retry } = action;
    const again = Object.keys(retry ?? {}).map((key) =>
      parameterOf(retry as Record<string, unknown>, key, ['actions', unit, 'retry'], uses),
    );
    return [...times, ...again];
  });
  const busy = parameterOf(model.stations.neutron, 'busy', ['stations', 'neutron'], ({ calls }) =>
    calls.some((call) => stationOf(call) === 'neutron'),
  );
  return [...laboratories, ...actions, busy];
}
