/** Attributes of a node, edge or graph of GraphML, by the key's name as the file writes it. */
export type GraphmlAttributes = Readonly<Record<string, unknown>>;

/** Value of the first of these keys that is there, whatever its case; undefined where none is. */
function read(attributes: GraphmlAttributes, keys: readonly string[]): unknown {
  for (const wanted of keys) {
    for (const key of Object.keys(attributes)) {
      if (key.toLowerCase() !== wanted) continue;
      const value = attributes[key];
      if (value !== undefined && value !== null && String(value).trim() !== '') return value;
    }
  }
  return undefined;
}

export function readText(
  attributes: GraphmlAttributes,
  keys: readonly string[],
): string | undefined {
  const value = read(attributes, keys);
  // Labels of drawings are broken over lines.
  return value === undefined ? undefined : String(value).trim().replace(/\s+/g, ' ');
}

export function readNumber(
  attributes: GraphmlAttributes,
  keys: readonly string[],
): number | undefined {
  const value = read(attributes, keys);
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

const PREFIXES: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * Capacity of a link: `LinkSpeedRaw` in bit/s, else `LinkSpeed` with `LinkSpeedUnits` (G, M, K), else
 * a label that is nothing but one speed ("2.5 Gbps"). A label like "34-155 Mbps" says too little.
 */
export function readCapacityBps(attributes: GraphmlAttributes): number | undefined {
  const raw = readNumber(attributes, ['linkspeedraw', 'capacity_bps', 'capacitybps']);
  if (raw !== undefined) return raw;
  const speed = readNumber(attributes, ['linkspeed']);
  const units = readText(attributes, ['linkspeedunits'])?.toUpperCase();
  if (speed !== undefined && units !== undefined && PREFIXES[units] !== undefined) {
    return speed * PREFIXES[units];
  }
  const label = readText(attributes, ['linklabel', 'label']);
  const match = label?.match(/^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:bps|b\/s|bit\/s)$/i);
  if (!match) return undefined;
  return Number(match[1]) * PREFIXES[match[2].toUpperCase()];
}
