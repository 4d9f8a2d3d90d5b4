import { CatalystError } from '../../contracts/errors.ts';
import type { Block } from '../../contracts/parsed.ts';
import { relationshipsOf } from '../ooxml/relationships.ts';
import type { Relationship } from '../ooxml/relationships.ts';
import { descendantsOf, find, parseXml, relationshipId, textIn } from '../ooxml/xmlTree.ts';
import type { XmlElement } from '../ooxml/xmlTree.ts';
import type { BlockSink } from '../tables/boundedText.ts';
import type { BlockPlace } from '../text/documentBuilder.ts';
import { inlineText } from '../text/normalise.ts';
import type { ZipArchive } from '../zip/openZip.ts';
import { writeChart } from './chart.ts';
import { isTitle, layoutBoxes, placeholderOf, shapesOf } from './slideShapes.ts';
import { writeSlideTable } from './slideTable.ts';
import { paragraphsOf } from './textBody.ts';
import { writeParagraphs } from './writeText.ts';

/** Blocks of one slide, kept back until the whole slide is read: a broken one leaves nothing behind. */
export interface ReadSlide {
  readonly title: string;
  readonly blocks: readonly (readonly [Block['kind'], string, BlockPlace])[];
}

function partOf(archive: ZipArchive, part: string | undefined): XmlElement | undefined {
  const bytes = part === undefined ? undefined : archive.read(part);
  return bytes === undefined ? undefined : parseXml(bytes);
}

/** Areas whose layout gives every paragraph a bullet. */
const bulleted: ReadonlySet<string> = new Set(['obj', 'body']);

class SlideReader {
  readonly #archive: ZipArchive;
  readonly #relationships: readonly Relationship[];
  readonly #sink: BlockSink;
  readonly #page: number;

  constructor(archive: ZipArchive, relationships: readonly Relationship[], sink: BlockSink, page: number) {
    this.#archive = archive;
    this.#relationships = relationships;
    this.#sink = sink;
    this.#page = page;
  }

  target(type: string): string | undefined {
    return this.#relationships.find((relationship) => relationship.type === type)?.target;
  }

  /** Text, table, chart or diagram of a shape. */
  write(shape: XmlElement): void {
    const body = find(shape, 'txBody');
    if (body !== undefined) writeParagraphs(this.#sink, paragraphsOf(body, bulleted.has(placeholderOf(shape)?.type ?? '')), this.#page);
    const data = find(shape, 'graphic', 'graphicData');
    if (data === undefined) return;
    const table = find(data, 'tbl');
    if (table !== undefined) writeSlideTable(this.#sink, table, this.#page);
    const chart = this.#linked(find(data, 'chart'), 'id');
    if (chart !== undefined) writeChart(this.#sink, chart, this.#page);
    const diagram = this.#linked(find(data, 'relIds'), 'dm');
    if (diagram !== undefined) writeParagraphs(this.#sink, [...descendantsOf(diagram, 'pt')].flatMap((point) => paragraphsOf(find(point, 't') ?? point, true)), this.#page);
  }

  #linked(element: XmlElement | undefined, name: string): XmlElement | undefined {
    const id = element === undefined ? undefined : relationshipId(element, name);
    return partOf(this.#archive, this.#relationships.find((relationship) => relationship.id === id)?.target);
  }

  writeNotes(): void {
    const tree = find(partOf(this.#archive, this.target('notesSlide')), 'cSld', 'spTree');
    const notes = tree === undefined ? [] : shapesOf(tree, () => undefined).flatMap((shape) => paragraphsOf(find(shape, 'txBody') ?? shape, false));
    if (notes.length === 0) return;
    this.#sink.add('heading', 'Notes', { level: 2, page: this.#page });
    writeParagraphs(this.#sink, notes, this.#page);
  }
}

/** Reads a slide: title, shapes in reading order, notes. Throws CORRUPT_DOCUMENT, PARSE_LIMIT_EXCEEDED. */
export function readSlide(archive: ZipArchive, part: string, page: number): ReadSlide {
  const slide = partOf(archive, part);
  const tree = find(slide, 'cSld', 'spTree');
  if (tree === undefined) throw new CatalystError('CORRUPT_DOCUMENT', 'The slide has no content.');
  const blocks: [Block['kind'], string, BlockPlace][] = [];
  const reader = new SlideReader(archive, relationshipsOf(archive, part), { add: (kind, text, place = {}) => { blocks.push([kind, text, place]); } }, page);
  const shapes = shapesOf(tree, layoutBoxes(partOf(archive, reader.target('slideLayout'))));
  const titleShape = shapes.find((shape) => isTitle(shape) && inlineText(textIn(find(shape, 'txBody') ?? shape)) !== '');
  const title = titleShape === undefined ? '' : paragraphsOf(find(titleShape, 'txBody') ?? titleShape, false).map(({ text }) => text).join(' ');
  for (const shape of shapes) if (shape !== titleShape) reader.write(shape);
  reader.writeNotes();
  return { title, blocks };
}
