import { find } from '../ooxml/xmlTree.ts';
import type { XmlElement } from '../ooxml/xmlTree.ts';

/** Where a shape stands on its slide, in the units of the file. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The place that a shape states for itself; placeholders may leave it to the layout. */
export function boxOf(shape: XmlElement): Box | undefined {
  const transform = find(shape, 'spPr', 'xfrm') ?? find(shape, 'grpSpPr', 'xfrm') ?? find(shape, 'xfrm');
  const [offset, extent] = [find(transform, 'off')?.attributes, find(transform, 'ext')?.attributes];
  const [left, top, width, height] = [offset?.['x'], offset?.['y'], extent?.['cx'], extent?.['cy']].map(Number);
  if (left === undefined || top === undefined || width === undefined || height === undefined || [left, top, width, height].some(Number.isNaN)) return undefined;
  return { left, top, right: left + width, bottom: top + height };
}

export interface Placed<Item> {
  readonly item: Item;
  readonly box: Box | undefined;
}

type Side = readonly [from: 'left' | 'top', to: 'right' | 'bottom'];
const columns: Side = ['left', 'right'];
const rows: Side = ['top', 'bottom'];

/** Parts along one direction, where a gap runs right through between them; touching by a little does no harm. */
function partsAlong<Item>(shapes: readonly Placed<Item>[], [from, to]: Side): Placed<Item>[][] {
  const parts: Placed<Item>[][] = [];
  let reach = -Infinity;
  for (const shape of [...shapes].sort((left, right) => (left.box?.[from] ?? 0) - (right.box?.[from] ?? 0))) {
    const [start, end] = [shape.box?.[from] ?? 0, shape.box?.[to] ?? 0];
    const tolerance = (end - start) * 0.1;
    if (start + tolerance >= reach) parts.push([shape]);
    else parts.at(-1)?.push(shape);
    reach = Math.max(reach, end);
  }
  return parts;
}

/** Cuts a heading above, or a line below, off what stands in columns; else what is topmost off the rest. */
function cutOff<Item>(rowParts: readonly Placed<Item>[][]): Placed<Item>[][] {
  const [top = [], rest] = [rowParts[0], rowParts.slice(1).flat()];
  const [above, bottom = []] = [rowParts.slice(0, -1).flat(), rowParts.at(-1)];
  const hasColumns = (shapes: readonly Placed<Item>[]): boolean => partsAlong(shapes, columns).length > 1;
  return !hasColumns(rest) && hasColumns(above) ? [above, bottom] : [top, rest];
}

function ordered<Item>(shapes: readonly Placed<Item>[]): Item[] {
  if (shapes.length < 2) return shapes.map(({ item }) => item);
  const columnParts = partsAlong(shapes, columns);
  if (columnParts.length > 1) return columnParts.flatMap(ordered);
  const rowParts = partsAlong(shapes, rows);
  if (rowParts.length > 1) return cutOff(rowParts).flatMap(ordered);
  // Shapes that overlap in both directions stay in the order of the file, the later lying above the earlier.
  return shapes.map(({ item }) => item);
}

/** With more shapes than this a slide is a drawing. */
const mostOrdered = 300;

/** Shapes as one reads them: column by column where a gap runs down between columns, else from top to bottom. Unless all places are known, the order of the file stands. */
export function inReadingOrder<Item>(shapes: readonly Placed<Item>[]): Item[] {
  return shapes.length <= mostOrdered && shapes.every(({ box }) => box !== undefined) ? ordered(shapes) : shapes.map(({ item }) => item);
}
