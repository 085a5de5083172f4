import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { Processor } from '../../resources/processor.js';
import { SerialProcessor } from '../../resources/serial-processor.js';

const turnOver = defineEventKind('python-turn-over', (turns: Turns) => turns.finish());

/** Computes one burst at a time; where another thread waits, the lock takes its time to get there. */
class Turns implements Processor {
  /** Threads that wait for the interpreter's lock, and the one that has it. */
  threads: () => number = () => 1;
  private kind: EventKind<unknown> | undefined;
  private target: unknown;
  private argument = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly cores: Processor,
    private readonly handOverMs: number,
  ) {}

  submit<Target>(
    demandMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.kind = kind as EventKind<unknown>;
    this.target = target;
    this.argument = argument;
    this.cores.submit(demandMs, turnOver, this, 0);
  }

  /** For its own events. */
  finish(): void {
    const { kind, target, argument, handOverMs, simulator } = this;
    if (this.threads() <= 1) kind?.run(target, argument);
    else if (kind) simulator.schedule(handOverMs, kind, target, argument);
  }
}

/**
 * A process of Python with many threads, of which one holds the interpreter's lock. A thread gives
 * it up wherever it waits for a socket or another thread, several times in a call; until the one
 * that gets it has been woken, nobody in the process computes. A lone thread finds the lock free.
 * @param handOverMs what that adds up to in one burst of a call while another thread waits.
 */
export function pythonProcess(
  simulator: Simulator,
  cores: Processor,
  handOverMs: number,
): SerialProcessor {
  const turns = new Turns(simulator, cores, handOverMs);
  const process = new SerialProcessor(simulator, turns, false);
  turns.threads = () => process.inSystem;
  return process;
}
