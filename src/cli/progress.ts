import { Presets, SingleBar } from 'cli-progress';
import type { RunProgress } from '../experiment/run-study.js';
import { plural } from './count-runs.js';

/** A study that is over sooner needs no progress bar. */
const QUIET_MS = 2_000;
/** On a pipe, one line in this time. */
const LINE_MS = 15_000;

/** Progress with the time left: a bar on a terminal, now and then a line elsewhere. */
export class ProgressDisplay {
  private readonly startMs = performance.now();
  private lineMs = 0;
  private bar: SingleBar | undefined;

  /** @param stream Nothing is shown where it is undefined. */
  constructor(private readonly stream: NodeJS.WriteStream | undefined) {}

  show(progress: RunProgress): void {
    const elapsedMs = performance.now() - this.startMs;
    if (!this.stream || elapsedMs < QUIET_MS) return;
    if (this.stream.isTTY) this.showBar(progress, elapsedMs);
    else if (elapsedMs - this.lineMs >= LINE_MS) {
      this.lineMs = elapsedMs;
      const { stored, done, total } = progress;
      const left = timeLeft(progress, elapsedMs);
      this.stream.write(`${stored + done} of ${plural(total, 'run')} done, ${left} left\n`);
    }
  }

  end(): void {
    this.bar?.stop();
  }

  private showBar(progress: RunProgress, elapsedMs: number): void {
    const payload = { left: timeLeft(progress, elapsedMs), failed: failedText(progress) };
    if (!this.bar) {
      this.bar = new SingleBar(
        {
          format: '{bar} {percentage} % | {value} of {total} runs | {left} left{failed}',
          stream: this.stream,
          clearOnComplete: true,
          hideCursor: true,
          gracefulExit: false,
        },
        Presets.shades_classic,
      );
      this.bar.start(progress.total, progress.stored + progress.done, payload);
    }
    this.bar.update(progress.stored + progress.done, payload);
  }
}

function failedText({ failed }: RunProgress): string {
  return failed > 0 ? ` | ${failed} failed` : '';
}

/** Runs of one study take about as long as each other. */
function timeLeft({ total, stored, done }: RunProgress, elapsedMs: number): string {
  if (done === 0) return 'unknown time';
  const seconds = Math.ceil(((total - stored - done) * elapsedMs) / done / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
