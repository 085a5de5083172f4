import { defineEventKind } from '../../kernel/event-kind.js';
import type { Processor } from '../../resources/processor.js';

const prepared = defineEventKind('write-sets-prepared', (sender: WriteSetSender<unknown>) =>
  sender.finish(),
);

/**
 * The CPU that a commit costs its member before its write set leaves (waking of threads, cold caches),
 * shared by those that come while it is being spent.
 */
export class WriteSetSender<Item> {
  private items: Item[] = [];

  constructor(
    private readonly processor: Processor,
    private readonly prepareMs: number,
    private readonly send: (item: Item) => void,
    private readonly worked: (ms: number) => void,
  ) {}

  submit(item: Item): void {
    this.items.push(item);
    if (this.items.length > 1) return;
    this.worked(this.prepareMs);
    this.processor.submit(this.prepareMs, prepared, this as WriteSetSender<unknown>, 0);
  }

  /** For its own events. */
  finish(): void {
    const { items } = this;
    this.items = [];
    for (const item of items) this.send(item);
  }
}
