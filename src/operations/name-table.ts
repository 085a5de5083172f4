/** Small integers for names that steps share: milestones, locks, caches, signals. */
export class NameTable {
  readonly names: string[] = [];
  private readonly indexes = new Map<string, number>();

  /** Index of a name, from 0 in the order of first use. */
  index(name: string): number {
    let index = this.indexes.get(name);
    if (index === undefined) {
      index = this.names.length;
      this.names.push(name);
      this.indexes.set(name, index);
    }
    return index;
  }
}
