/** What a fit found, in the unit of models/backends. */
export interface Fit {
  readonly constant: string;
  readonly value: number;
  readonly unit: string;
  /** The rows it was fitted on, how, and how well it meets them. */
  readonly from: string;
  readonly residuals: readonly Residual[];
}

export interface Residual {
  readonly row: string;
  readonly measured: number;
  readonly fitted: number;
}

export function residual(row: string, measured: number, fitted: number): Residual {
  return { row, measured, fitted };
}
