import type { Block } from '../../contracts/parsed.ts';
import type { RiskKind } from '../../contracts/risk.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { inlineText } from '../text/normalise.ts';
import { inlineTextOf } from './inline.ts';
import { mainContent } from './mainContent.ts';
import { readTree } from './readTree.ts';
import type { HtmlPage } from './readTree.ts';
import { findAll } from './tree.ts';
import { HtmlWalker } from './walk.ts';

export interface ParsedHtml {
  readonly title?: string;
  readonly language?: string;
  readonly text: string;
  readonly blocks: Block[];
  readonly concealed?: RiskKind[];
}

/** Programs that export pages put the name of the file where the title should be. */
const fileName = /^\S+\.(?:html?|docx?|pdf|txt)$/i;

/** The first heading where the page title only adds the name of the site to it, else the title of the head. */
function titleOf({ head, body }: HtmlPage): string | undefined {
  const candidates = [head.openGraphTitle, head.title].map((title) => inlineText(title ?? '')).filter((title) => title !== '' && !fileName.test(title));
  const heading = findAll(body, new Set(['h1'])).map((element) => inlineText(inlineTextOf(element))).find((text) => text !== '' && text.length <= 300);
  if (heading !== undefined && candidates.some((title) => title.startsWith(heading))) return heading;
  return candidates[0] ?? heading;
}

function withHead(page: HtmlPage, walked: HtmlPage['body']): ParsedHtml {
  const builder = new DocumentBuilder();
  builder.concealment.add(page.concealed);
  new HtmlWalker(builder).walk(walked);
  const title = titleOf(page);
  const language = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.exec(page.head.language?.trim() ?? '')?.[0];
  return { ...(title === undefined ? {} : { title }), ...(language === undefined ? {} : { language }), ...builder.finish() };
}

/** A web page: its main content without navigation and other furniture. */
export function parseHtmlPage(source: string): ParsedHtml {
  const page = readTree(source);
  return withHead(page, mainContent(page.body));
}

/** HTML that is all content, such as what other formats are converted to. */
export function parseHtmlContent(source: string): ParsedHtml {
  const page = readTree(source);
  return withHead(page, page.body);
}
