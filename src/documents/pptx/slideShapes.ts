import { childrenOf, find } from '../ooxml/xmlTree.ts';
import type { XmlElement } from '../ooxml/xmlTree.ts';
import { boxOf, inReadingOrder } from './geometry.ts';
import type { Box, Placed } from './geometry.ts';

/** Furniture of every slide, and pictures of slides on pages of notes. */
const furniture: ReadonlySet<string> = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg']);
const shapeNames: ReadonlySet<string> = new Set(['sp', 'graphicFrame', 'cxnSp', 'pic']);

interface Placeholder {
  readonly type: string;
  readonly index: string | undefined;
}

/** Which area of the layout a shape fills; undefined for a shape of its own. */
export function placeholderOf(shape: XmlElement): Placeholder | undefined {
  const properties = find(shape, 'nvSpPr', 'nvPr') ?? find(shape, 'nvGraphicFramePr', 'nvPr') ?? find(shape, 'nvPicPr', 'nvPr');
  const placeholder = find(properties, 'ph');
  return placeholder === undefined ? undefined : { type: placeholder.attributes['type'] ?? 'obj', index: placeholder.attributes['idx'] };
}

export function isTitle(shape: XmlElement): boolean {
  return /^(?:title|ctrTitle)$/.test(placeholderOf(shape)?.type ?? '');
}

/** Areas of a layout that say where they are. */
export function layoutBoxes(layout: XmlElement | undefined): (placeholder: Placeholder) => Box | undefined {
  const areas = childrenOf(find(layout, 'cSld', 'spTree') ?? { name: '', attributes: {}, children: [] }, 'sp').flatMap((shape) => {
    const [placeholder, box] = [placeholderOf(shape), boxOf(shape)];
    return placeholder === undefined || box === undefined ? [] : [{ placeholder, box }];
  });
  return ({ type, index }) => (areas.find(({ placeholder }) => index !== undefined && placeholder.index === index) ?? areas.find(({ placeholder }) => placeholder.type === type))?.box;
}

/** Shapes of a tree in reading order; those of a group stay together. */
export function shapesOf(tree: XmlElement, areaOf: (placeholder: Placeholder) => Box | undefined): XmlElement[] {
  const placed: Placed<XmlElement[]>[] = [];
  for (const child of childrenOf(tree)) {
    const shape = child.name === 'AlternateContent' ? childrenOf(childrenOf(child)[0] ?? child)[0] : child;
    if (shape === undefined) continue;
    if (shape.name === 'grpSp') placed.push({ item: shapesOf(shape, areaOf), box: boxOf(shape) });
    if (!shapeNames.has(shape.name)) continue;
    const placeholder = placeholderOf(shape);
    if (placeholder !== undefined && furniture.has(placeholder.type)) continue;
    placed.push({ item: [shape], box: boxOf(shape) ?? (placeholder === undefined ? undefined : areaOf(placeholder)) });
  }
  return inReadingOrder(placed.filter(({ item }) => item.length > 0)).flat();
}
