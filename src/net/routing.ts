import type { LinkTable } from './link-table.js';

/** Arcs of the longest path there can be room for; grown when a topology needs more. */
const FIRST_PATH_ROOM = 64;

/** More than any sum of the 20-bit numbers below over a path of up to 4096 links. */
const HOP_TIE = 2 ** 32;

/** Shortest paths to one site, from every other. */
interface Tree {
  /** First arc on the way from each site to the root; -1 where there is none. */
  readonly arcToRoot: Int32Array;
  readonly latencyNs: Float64Array;
}

/**
 * Least-latency routing. Of paths with one latency the one with fewer links is taken, of these the
 * one with the smaller sum of numbers drawn from the links' indexes. All three are exact integers,
 * so the path from A to B is the path from B to A and does not depend on what was asked before.
 *
 * One tree of shortest paths serves all messages to and from its root: with 10,000 sites and a few
 * control sites there are a few trees, each 12 bytes a site, made when they are first needed. A site
 * with a single link needs none: its routes are those of its neighbour and one link more.
 *
 * Cost: making a tree O(links log sites), asking for a path O(its links). No allocation when the tree
 * exists.
 */
export class Routing {
  /** Arcs of the last path asked for, in order from its start; the first `pathLength` are valid. */
  path = new Int32Array(FIRST_PATH_ROOM);
  pathLength = 0;
  private readonly trees: (Tree | undefined)[];
  /** How often each site stood at an end of a path for which no tree was there. */
  private readonly misses: Int32Array;
  /** The one arc that leads out of a site with a single link; -1 where there are none or several. */
  private readonly onlyArc: Int32Array;
  private readonly tie: Float64Array;
  private readonly heap: SiteHeap;

  constructor(private readonly links: LinkTable) {
    this.trees = new Array(links.siteCount).fill(undefined);
    this.misses = new Int32Array(links.siteCount);
    const { firstArc, arcsOut } = links;
    this.onlyArc = Int32Array.from({ length: links.siteCount }, (_, site) =>
      firstArc[site + 1] - firstArc[site] === 1 ? arcsOut[firstArc[site]] : -1,
    );
    this.tie = Float64Array.from({ length: links.linkCount }, (_, link) => HOP_TIE + scatter(link));
    this.heap = new SiteHeap(links.siteCount);
  }

  /** Trees there are, for tests of memory. */
  get treeCount(): number {
    return this.trees.filter((tree) => tree !== undefined).length;
  }

  /** To be called when a link went up or down. */
  forget(): void {
    this.trees.fill(undefined);
  }

  /** Puts the arcs from one site to another into `path`. Returns false where there is no way. */
  findPath(from: number, to: number): boolean {
    this.pathLength = 0;
    if (from === to) return true;
    const { arcTo, up } = this.links;
    const first = this.onlyArc[from];
    let start = from;
    if (first >= 0) {
      if (!up[first >> 1]) return false;
      this.path[this.pathLength++] = first;
      start = arcTo[first];
      if (start === to) return true;
    }
    const last = this.onlyArc[to];
    if (last < 0) return this.append(start, to);
    if (!up[last >> 1]) return false;
    if (start !== arcTo[last] && !this.append(start, arcTo[last])) return false;
    if (this.pathLength === this.path.length) this.enlargePath();
    this.path[this.pathLength++] = last ^ 1;
    return true;
  }

  /** One-way propagation over the route, in ms; Infinity where there is no way. */
  latencyMs(from: number, to: number): number {
    if (from === to) return 0;
    const { arcTo, up, latencyNs } = this.links;
    const first = this.onlyArc[from];
    let start = from;
    let totalNs = 0;
    if (first >= 0) {
      if (!up[first >> 1]) return Infinity;
      totalNs = latencyNs[first >> 1];
      start = arcTo[first];
      if (start === to) return totalNs / 1e6;
    }
    const last = this.onlyArc[to];
    let end = to;
    if (last >= 0) {
      if (!up[last >> 1]) return Infinity;
      totalNs += latencyNs[last >> 1];
      end = arcTo[last];
    }
    if (start !== end) totalNs += this.betweenNs(start, end);
    return totalNs / 1e6;
  }

  /** Adds the arcs between two sites to the path, by a tree. */
  private append(from: number, to: number): boolean {
    const toTree = this.trees[to];
    if (toTree) return this.walk(toTree, from, to);
    const fromTree = this.trees[from];
    if (fromTree) return this.walkBack(fromTree, from, to);
    const root = this.chooseRoot(from, to);
    const tree = this.grow(root);
    this.trees[root] = tree;
    return root === to ? this.walk(tree, from, to) : this.walkBack(tree, from, to);
  }

  private betweenNs(from: number, to: number): number {
    const toTree = this.trees[to];
    if (toTree) return toTree.latencyNs[from];
    const fromTree = this.trees[from];
    if (fromTree) return fromTree.latencyNs[to];
    const root = this.chooseRoot(from, to);
    const tree = this.grow(root);
    this.trees[root] = tree;
    return tree.latencyNs[root === to ? from : to];
  }

  /** A site that was asked for before, or has more links, will be asked for again. */
  private chooseRoot(from: number, to: number): number {
    const asked = ++this.misses[to] - ++this.misses[from];
    if (asked !== 0) return asked > 0 ? to : from;
    const { firstArc } = this.links;
    const degreeTo = firstArc[to + 1] - firstArc[to];
    const degreeFrom = firstArc[from + 1] - firstArc[from];
    if (degreeTo !== degreeFrom) return degreeTo > degreeFrom ? to : from;
    return Math.min(from, to);
  }

  private walk(tree: Tree, from: number, root: number): boolean {
    if (tree.arcToRoot[from] < 0) return false;
    const { arcTo } = this.links;
    let length = this.pathLength;
    for (let site = from; site !== root; ) {
      const arc = tree.arcToRoot[site];
      if (length === this.path.length) this.enlargePath();
      this.path[length++] = arc;
      site = arcTo[arc];
    }
    this.pathLength = length;
    return true;
  }

  private walkBack(tree: Tree, root: number, to: number): boolean {
    const begin = this.pathLength;
    if (!this.walk(tree, to, root)) return false;
    const { path, pathLength } = this;
    for (let i = begin, j = pathLength - 1; i <= j; i++, j--) {
      const arc = path[i];
      path[i] = path[j] ^ 1;
      path[j] = arc ^ 1;
    }
    return true;
  }

  private enlargePath(): void {
    const larger = new Int32Array(2 * this.path.length);
    larger.set(this.path);
    this.path = larger;
  }

  /** Dijkstra's algorithm from the root, over links that are up. */
  private grow(root: number): Tree {
    const { siteCount, firstArc, arcsOut, arcTo, latencyNs, up } = this.links;
    const arcToRoot = new Int32Array(siteCount).fill(-1);
    const latency = new Float64Array(siteCount).fill(Infinity);
    const tie = new Float64Array(siteCount).fill(Infinity);
    const { heap } = this;
    latency[root] = 0;
    tie[root] = 0;
    heap.begin(latency, tie);
    heap.add(root);
    while (heap.size > 0) {
      const site = heap.takeLeast();
      for (let i = firstArc[site]; i < firstArc[site + 1]; i++) {
        const arc = arcsOut[i];
        const link = arc >> 1;
        if (!up[link]) continue;
        const next = arcTo[arc];
        const nextLatency = latency[site] + latencyNs[link];
        const nextTie = tie[site] + this.tie[link];
        const nearer =
          nextLatency < latency[next] || (nextLatency === latency[next] && nextTie < tie[next]);
        if (!nearer) continue;
        latency[next] = nextLatency;
        tie[next] = nextTie;
        arcToRoot[next] = arc ^ 1;
        heap.add(next);
      }
    }
    return { arcToRoot, latencyNs: latency };
  }
}

/** A 20-bit number that two indexes hardly ever share (a round of the MurmurHash3 finaliser). */
function scatter(index: number): number {
  let hash = Math.imul(index + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 12;
}

/** Binary heap of sites by (latency, tie), each at most once; `add` also moves a site up. */
class SiteHeap {
  size = 0;
  private readonly sites: Int32Array;
  /** Place of each site in the heap; -1 where it is not. */
  private readonly place: Int32Array;
  private latency = new Float64Array(0);
  private tie = new Float64Array(0);

  constructor(siteCount: number) {
    this.sites = new Int32Array(siteCount);
    this.place = new Int32Array(siteCount).fill(-1);
  }

  begin(latency: Float64Array<ArrayBuffer>, tie: Float64Array<ArrayBuffer>): void {
    this.latency = latency;
    this.tie = tie;
    this.size = 0;
    this.place.fill(-1);
  }

  add(site: number): void {
    let place = this.place[site];
    if (place < 0) place = this.size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.before(site, this.sites[parent])) break;
      this.put(this.sites[parent], place);
      place = parent;
    }
    this.put(site, place);
  }

  takeLeast(): number {
    const least = this.sites[0];
    const last = this.sites[--this.size];
    this.place[least] = -1;
    if (this.size === 0) return least;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.size) break;
      const right = child + 1;
      if (right < this.size && this.before(this.sites[right], this.sites[child])) child = right;
      if (!this.before(this.sites[child], last)) break;
      this.put(this.sites[child], place);
      place = child;
    }
    this.put(last, place);
    return least;
  }

  private put(site: number, place: number): void {
    this.sites[place] = site;
    this.place[site] = place;
  }

  private before(a: number, b: number): boolean {
    const { latency, tie } = this;
    return latency[a] < latency[b] || (latency[a] === latency[b] && tie[a] < tie[b]);
  }
}
