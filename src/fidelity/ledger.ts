import type { JudgedFigure } from './figure.js';

/** Errors over a set of figures. */
export interface ErrorSummary {
  readonly name: string;
  readonly figures: number;
  /** Of the absolute relative errors; NaN without figures. */
  readonly median: number;
  readonly ninetieth: number;
  readonly worst: number;
  /** Figures of a measured 0 or failure, and the share of them that the simulator agrees with. */
  readonly failures: number;
  readonly agreement: number;
  /** Share of the pairs that the measurement separates which the simulator orders alike. */
  readonly rankAgreement: number;
  readonly pairs: number;
}

/** Value below which a share of sorted values lies (nearest rank). */
function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

/** A measurement separates two whose intervals do not overlap; without an interval, any two that differ. */
function separated(a: JudgedFigure, b: JudgedFigure): boolean {
  const width = (x: JudgedFigure) => (Number.isNaN(x.figure.spread) ? 0 : x.figure.spread);
  return Math.abs(a.figure.measured - b.figure.measured) > width(a) + width(b);
}

function rankAgreement(figures: readonly JudgedFigure[]): { agreement: number; pairs: number } {
  let pairs = 0;
  let alike = 0;
  for (let i = 0; i < figures.length; i++) {
    for (let j = i + 1; j < figures.length; j++) {
      const [a, b] = [figures[i], figures[j]];
      if (a.figure.alternatives !== b.figure.alternatives || !separated(a, b)) continue;
      if (Number.isNaN(a.simulated) || Number.isNaN(b.simulated)) continue;
      pairs++;
      const measured = Math.sign(a.figure.measured - b.figure.measured);
      if (measured === Math.sign(a.simulated - b.simulated)) alike++;
    }
  }
  return { agreement: pairs === 0 ? Number.NaN : alike / pairs, pairs };
}

/** Summary of the figures of one role. */
export function summarise(name: string, figures: readonly JudgedFigure[]): ErrorSummary {
  const errors = figures
    .map(({ error }) => Math.abs(error))
    .filter((error) => !Number.isNaN(error))
    .sort((a, b) => a - b);
  const { agreement, pairs } = rankAgreement(figures);
  const failures = figures.filter((judged) => judged.agreement !== undefined);
  const agreed = failures.filter((judged) => judged.agreement).length;
  return {
    name,
    figures: errors.length,
    median: quantile(errors, 0.5),
    ninetieth: quantile(errors, 0.9),
    worst: quantile(errors, 1),
    failures: failures.length,
    agreement: failures.length > 0 ? agreed / failures.length : Number.NaN,
    rankAgreement: agreement,
    pairs,
  };
}

/** A line for each family and role, then one over all figures kept for judgement. */
export function summariseAll(figures: readonly JudgedFigure[]): ErrorSummary[] {
  const families = [...new Set(figures.map(({ figure }) => figure.family))];
  const lines = families.flatMap((family) =>
    (['calibration', 'judgement'] as const)
      .map((role) => ({
        role,
        own: figures.filter(({ figure }) => figure.family === family && figure.role === role),
      }))
      .filter(({ own }) => own.length > 0)
      .map(({ role, own }) => summarise(`${family}, ${role}`, own)),
  );
  const kept = figures.filter(({ figure }) => figure.role === 'judgement');
  return [...lines, summarise('all, judgement', kept)];
}
