export type Attributes = Record<string, string | number | undefined>;

/** Two decimals are a fortieth of a pixel on a large screen, and the same on every machine. */
function printAttribute(value: string | number): string {
  if (typeof value === 'string') return value;
  return String(Math.round(value * 100) / 100 + 0);
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** An SVG element as text; children are SVG already. Undefined attributes are left out. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const printed = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(printAttribute(value))}"`)
    .join('');
  const body = children.filter((child) => child !== '').join('');
  return body === '' ? `<${name}${printed}/>` : `<${name}${printed}>${body}</${name}>\n`;
}

export function group(attributes: Attributes, ...children: string[]): string {
  return element('g', attributes, ...children);
}

/** A line of text; what it says is escaped here. */
export function text(words: string, attributes: Attributes): string {
  return element('text', attributes, escapeXml(words));
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  attributes: Attributes,
): string {
  return element('line', { x1, y1, x2, y2, ...attributes });
}

export function translate(x: number, y: number): string {
  return `translate(${printAttribute(x)},${printAttribute(y)})`;
}

/** Path data with numbers of two decimals: d3-shape prints all digits of a float. */
export function roundPath(path: string | null): string {
  return (path ?? '').replace(/-?\d+\.\d+(e-?\d+)?/g, (digits) => printAttribute(Number(digits)));
}
