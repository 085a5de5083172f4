import { renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { WorkerPool } from '../experiment/worker-pool.js';
import { judgeFigures } from '../fidelity/judge.js';
import { formatLedger, ledgerCsv } from '../fidelity/print-ledger.js';
import { figuresOf, ownFigures } from '../fidelity/read-figures.js';
import type { FidelityTask, Outcome } from '../fidelity/set-up.js';
import { textOption } from './arguments.js';
import type { Given } from './command.js';
import { ExitCode } from './exit-code.js';
import { ProgressDisplay } from './progress.js';

/** `fogplane fidelity`: measured beside simulated. @throws UserError */
export async function fidelityCommand(given: Given): Promise<number> {
  const file = textOption(given, 'figures');
  const rows =
    file === undefined
      ? ownFigures(textOption(given, 'family'))
      : figuresOf(file, textOption(given, 'source'));
  const worker = new URL('../fidelity/fidelity-worker.js', import.meta.url);
  const pool = new WorkerPool<FidelityTask, Outcome>(availableParallelism(), worker);
  const display = new ProgressDisplay(process.stderr);
  try {
    const judgement = await judgeFigures(
      rows,
      (task) => pool.execute(task),
      ({ done, total }) => display.show({ done, total, stored: 0, failed: 0 }),
    );
    display.end();
    console.log(formatLedger(judgement));
    const csv = textOption(given, 'csv');
    if (csv !== undefined) {
      writeFileSync(`${csv}.part`, ledgerCsv(judgement));
      renameSync(`${csv}.part`, csv);
    }
  } finally {
    display.end();
    await pool.close();
  }
  return ExitCode.done;
}
