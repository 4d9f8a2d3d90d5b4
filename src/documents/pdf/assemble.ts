import type { Block } from '../../contracts/parsed.ts';
import type { RiskKind } from '../../contracts/risk.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { inlineText } from '../text/normalise.ts';
import { headingLevels } from './headings.ts';
import type { OutlineLevels } from './headings.ts';
import { withoutRunningLines } from './runningLines.ts';
import type { PagedParagraph } from './runningLines.ts';

interface PdfText {
  readonly title?: string;
  readonly language?: string;
  readonly text: string;
  readonly blocks: Block[];
  readonly concealed?: RiskKind[];
}

/** Titles that programs make up: file names and placeholders. */
const madeUpTitle = /\.(?:docx?|pdf|tex|dvi|indd|qxd|pptx?|xlsx?|rtf|html?|pages|ps|eps)$|^(?:microsoft (?:word|powerpoint)|untitled|document\d*$|slide \d|title$)/i;
/** Dots that lead the eye to a page number. */
const leaders = /(?:[.·…_]\s?){5,}/g;
/** Headings that say what a page is, not what the document is. */
const genericHeading = /^(?:(?:table of )?contents|index|abstract|introduction|summary|inhalt(?:sverzeichnis)?|sommaire|front cover)$/i;
const bulleted = /^[•●○▪■◦‣]\s*/;

function declaredTitle(info: Readonly<Record<string, unknown>>): string | undefined {
  const title = typeof info['Title'] === 'string' ? inlineText(info['Title']) : '';
  return title === '' || madeUpTitle.test(title) ? undefined : title;
}

/** The largest heading of the first page with text. */
function printedTitle(paragraphs: readonly PagedParagraph[], levels: ReadonlyMap<number, number>): string | undefined {
  const firstPage = paragraphs[0]?.page;
  let best: PagedParagraph | undefined;
  paragraphs.forEach((paragraph, index) => {
    if (paragraph.page === firstPage && levels.has(index) && !genericHeading.test(paragraph.text) && (best === undefined || paragraph.size > best.size)) best = paragraph;
  });
  return best?.text;
}

function addParagraphs(builder: DocumentBuilder, paragraphs: readonly PagedParagraph[], levels: ReadonlyMap<number, number>): void {
  let items: string[] = [];
  let itemsPage = 0;
  const flush = (): void => {
    if (items.length > 0) builder.add('list', items.join('\n'), { page: itemsPage });
    items = [];
  };
  paragraphs.forEach(({ kind, text, page }, index) => {
    const level = levels.get(index);
    if (level === undefined && kind === 'paragraph' && bulleted.test(text)) {
      if (page !== itemsPage) flush();
      items.push(text.replace(bulleted, '- '));
      itemsPage = page;
      return;
    }
    flush();
    builder.add(level === undefined ? kind : 'heading', text.replace(leaders, '… '), { page, ...(level === undefined ? {} : { level }) });
  });
  flush();
}

/** One text of all pages: running lines left out, headings told from text, bullets gathered into lists. */
export function assemblePdf(allParagraphs: readonly PagedParagraph[], outline: OutlineLevels, info: Readonly<Record<string, unknown>>, pageCount: number, concealed: readonly RiskKind[] = []): PdfText {
  const paragraphs = withoutRunningLines(allParagraphs, pageCount);
  const levels = headingLevels(paragraphs, outline);
  const builder = new DocumentBuilder();
  builder.concealment.add(concealed);
  addParagraphs(builder, paragraphs, levels);
  const title = declaredTitle(info) ?? printedTitle(paragraphs, levels);
  const language = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.exec(typeof info['Language'] === 'string' ? info['Language'] : '')?.[0];
  return { ...(title === undefined ? {} : { title }), ...(language === undefined ? {} : { language }), ...builder.finish() };
}
