import { zipSync } from 'fflate';

const bytes = (xml: string): Uint8Array => Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${xml}`);
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function relationships(entries: readonly (readonly [id: string, type: string, target: string])[]): string {
  return `<Relationships>${entries.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`;
}

export interface SheetSource {
  readonly name: string;
  readonly state?: string;
  /** Rows, and what follows them, as XML. */
  readonly rows: string;
  readonly tail?: string;
}

export interface WorkbookSource {
  readonly sheets: readonly SheetSource[];
  readonly strings?: readonly string[];
  readonly styles?: string;
  readonly properties?: string;
  readonly more?: Record<string, Uint8Array>;
}

/** A workbook of given sheets. */
export function xlsx({ sheets, strings = [], styles = '', properties = '', more = {} }: WorkbookSource): Uint8Array<ArrayBuffer> {
  const list = sheets.map(({ name, state }, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index + 1}"${state === undefined ? '' : ` state="${state}"`}/>`).join('');
  return zipSync({
    '[Content_Types].xml': bytes('<Types/>'),
    '_rels/.rels': bytes(relationships([['r', 'officeDocument', 'xl/workbook.xml']])),
    'xl/workbook.xml': bytes(`<workbook xmlns:r="${office}"><workbookPr ${properties}/><sheets>${list}</sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': bytes(relationships([...sheets.map((_, index) => [`s${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`] as const), ['t', 'sharedStrings', 'sharedStrings.xml'], ['f', 'styles', '/xl/styles.xml']])),
    'xl/sharedStrings.xml': bytes(`<sst>${strings.join('')}</sst>`),
    'xl/styles.xml': bytes(`<styleSheet>${styles}</styleSheet>`),
    ...Object.fromEntries(sheets.map(({ rows, tail = '' }, index) => [`xl/worksheets/sheet${index + 1}.xml`, bytes(`<worksheet><sheetData>${rows}</sheetData>${tail}</worksheet>`)])),
    ...more,
  });
}

/** Rows of texts and numbers from a grid; `undefined` leaves a cell out. */
export function rowsOf(grid: readonly (readonly (string | number | undefined)[])[], firstRow = 1): string {
  return grid.map((cells, index) => {
    const row = firstRow + index;
    const written = cells.map((value, column) => {
      const reference = `${String.fromCharCode(65 + column)}${row}`;
      if (value === undefined) return '';
      return typeof value === 'number' ? `<c r="${reference}"><v>${value}</v></c>` : `<c r="${reference}" t="inlineStr"><is><t>${value}</t></is></c>`;
    });
    return `<row r="${row}">${written.join('')}</row>`;
  }).join('');
}

export interface SlideSource {
  /** Shapes as XML. */
  readonly shapes: string;
  readonly notes?: string;
  readonly attributes?: string;
  readonly relationships?: readonly (readonly [id: string, type: string, target: string])[];
}

/** A presentation of given slides. */
export function pptx(slides: readonly SlideSource[], more: Record<string, Uint8Array> = {}): Uint8Array<ArrayBuffer> {
  const tree = (name: string, shapes: string, attributes = ''): Uint8Array => bytes(`<p:${name} xmlns:p="p" xmlns:a="a" xmlns:r="${office}" xmlns:c="c" xmlns:mc="mc" ${attributes}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:${name}>`);
  const parts: Record<string, Uint8Array> = {};
  slides.forEach(({ shapes, notes, attributes, relationships: others = [] }, index) => {
    const number = index + 1;
    parts[`ppt/slides/slide${number}.xml`] = tree('sld', shapes, attributes);
    if (notes !== undefined) parts[`ppt/notesSlides/notesSlide${number}.xml`] = tree('notes', notes);
    parts[`ppt/slides/_rels/slide${number}.xml.rels`] = bytes(relationships([...(notes === undefined ? [] : [['n', 'notesSlide', `../notesSlides/notesSlide${number}.xml`] as const]), ...others]));
  });
  return zipSync({
    '[Content_Types].xml': bytes('<Types/>'),
    '_rels/.rels': bytes(relationships([['r', 'officeDocument', 'ppt/presentation.xml']])),
    'ppt/presentation.xml': bytes(`<p:presentation xmlns:p="p" xmlns:r="${office}"><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="s${index + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`),
    'ppt/_rels/presentation.xml.rels': bytes(relationships(slides.map((_, index) => [`s${index + 1}`, 'slide', `slides/slide${index + 1}.xml`] as const))),
    ...parts,
    ...more,
  });
}

export interface ShapeOptions {
  readonly placeholder?: string;
  /** Left, top, width and height. */
  readonly box?: readonly [number, number, number, number];
}

/** A shape with paragraphs, each as XML of its properties and its text. */
export function shape(paragraphs: readonly (string | readonly [properties: string, text: string])[], { placeholder, box }: ShapeOptions = {}): string {
  const place = box === undefined ? '' : `<a:xfrm><a:off x="${box[0]}" y="${box[1]}"/><a:ext cx="${box[2]}" cy="${box[3]}"/></a:xfrm>`;
  const body = paragraphs.map((paragraph) => {
    const [properties, text] = typeof paragraph === 'string' ? ['', paragraph] : paragraph;
    return `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`;
  });
  return `<p:sp><p:nvSpPr><p:nvPr>${placeholder === undefined ? '' : `<p:ph ${placeholder}/>`}</p:nvPr></p:nvSpPr><p:spPr>${place}</p:spPr><p:txBody>${body.join('')}</p:txBody></p:sp>`;
}
