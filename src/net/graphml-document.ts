/**
 * The GraphML parser reads nodes, edges and their keys alone. These two functions bring a document of
 * a drawing tool into that form.
 */

const READ_BY_PARSER = new Set(['graph', 'node', 'edge']);

/** Lists of a DOM are live: taking elements out while walking one would skip their neighbours. */
function elements(document: Document, tag: string): Element[] {
  const found = document.getElementsByTagName(tag);
  return Array.from({ length: found.length }, (_, index) => found[index]);
}

/**
 * Removes keys of ports, resources and endpoints, on which the parser stops, splits keys `for="all"`,
 * and names the unnamed keys of yEd after their type (`nodegraphics` holds a node's label).
 */
export function removeForeignKeys(document: Document): void {
  for (const key of elements(document, 'key')) {
    if (!key.getAttribute('attr.name')) {
      const fallback = key.getAttribute('yfiles.type') || key.getAttribute('id') || 'unnamed';
      key.setAttribute('attr.name', fallback);
    }
    const target = key.getAttribute('for') || 'all';
    if (READ_BY_PARSER.has(target)) continue;
    if (target === 'all') {
      for (const each of READ_BY_PARSER) {
        const copy = key.cloneNode(true) as Element;
        copy.setAttribute('for', each);
        key.parentNode?.insertBefore(copy, key);
      }
    }
    key.parentNode?.removeChild(key);
  }
}

/** A `<hyperedge>` becomes one undirected edge for each pair of its endpoints, with its data. */
export function expandHyperedges(document: Document): void {
  for (const hyperedge of elements(document, 'hyperedge')) {
    const parent = hyperedge.parentNode;
    const children = Array.from({ length: hyperedge.childNodes.length }, (_, index) => {
      return hyperedge.childNodes[index] as Element;
    });
    const ends = children
      .filter((child) => child.tagName === 'endpoint')
      .map((endpoint) => endpoint.getAttribute('node') ?? '');
    const data = children.filter((child) => child.tagName === 'data');
    for (let i = 0; i < ends.length; i++) {
      for (let j = i + 1; j < ends.length; j++) {
        const edge = document.createElement('edge');
        edge.setAttribute('source', ends[i]);
        edge.setAttribute('target', ends[j]);
        for (const item of data) edge.appendChild(item.cloneNode(true));
        parent?.appendChild(edge);
      }
    }
    parent?.removeChild(hyperedge);
  }
}
