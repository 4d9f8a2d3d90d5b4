import { headingElements } from './elements.ts';
import { readableArticle } from './readableArticle.ts';
import { descendants, findAll, isElement, textLength } from './tree.ts';
import type { HtmlElement } from './tree.ts';

/** Share of the text of the page, of its headings and of its tables below which an extract is taken as a wrong one. */
const leastText = 0.25;
const leastHeadings = 0.6;
const leastTables = 0.8;
const leastCharacters = 400;

const tableElement: ReadonlySet<string> = new Set(['table']);

/** The part that the page itself marks as its content, if there is exactly one that holds a fair share of the text. */
function markedMain(body: HtmlElement): HtmlElement {
  const mains = [...descendants(body)].filter(({ name, attributes }) => name === 'main' || attributes['role'] === 'main');
  const [main] = mains;
  if (main === undefined || mains.length > 1) return body;
  return textLength(main) >= Math.max(200, textLength(body) * 0.2) ? main : body;
}

function tableText(element: HtmlElement): number {
  return findAll(element, tableElement).reduce((sum, table) => sum + textLength(table), 0);
}

function isFaithful(article: HtmlElement, scope: HtmlElement): boolean {
  const length = textLength(article);
  if (length < leastCharacters || length < textLength(scope) * leastText) return false;
  const headings = findAll(scope, headingElements).length;
  // The heading that repeats the title is left out by the extract, rightly.
  if (findAll(article, headingElements).length + 1 < headings * leastHeadings) return false;
  return tableText(article) >= tableText(scope) * leastTables;
}

function linkShare(element: HtmlElement): number {
  const all = textLength(element);
  const links = findAll(element, new Set(['a'])).reduce((sum, link) => sum + textLength(link), 0);
  return all === 0 ? 0 : links / all;
}

const furniture = /\b(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|cookie|banner|footer|share|social|pagination|related)\b/i;

function isFurniture(element: HtmlElement): boolean {
  if (element.name === 'footer' || element.name === 'aside') return linkShare(element) > 0.4;
  const label = `${element.attributes['class'] ?? ''} ${element.attributes['id'] ?? ''}`.replace(/[_-]/g, ' ');
  return furniture.test(label) && linkShare(element) > 0.6;
}

/** The tree without what leads to other pages. Bounded by `maximumDepth`. */
function withoutFurniture(element: HtmlElement): HtmlElement {
  const children = element.children.filter((child) => !isElement(child) || !isFurniture(child)).map((child) => (isElement(child) ? withoutFurniture(child) : child));
  return { ...element, children };
}

/** What the page is about: the extract of Readability where it is faithful, else all that is not plainly furniture. */
export function mainContent(body: HtmlElement): HtmlElement {
  const scope = withoutFurniture(markedMain(body));
  const article = readableArticle(scope);
  return article !== undefined && isFaithful(article, scope) ? article : scope;
}
