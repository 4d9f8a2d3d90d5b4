import type { Block } from '../../contracts/parsed.ts';
import type { DocumentBuilder } from '../text/documentBuilder.ts';
import { boldHeadingLevel, hasNoHeadings, isBold } from './boldHeadings.ts';
import { blockElements, codeElements, headingElements, listElements } from './elements.ts';
import { isComplexList, listLines } from './lists.ts';
import { inlineTextOf } from './inline.ts';
import { readTable } from './tables.ts';
import { isElement, textOf } from './tree.ts';
import type { HtmlElement, HtmlNode } from './tree.ts';

type ProseKind = Extract<Block['kind'], 'paragraph' | 'quote' | 'list'>;

/** Line number gutters and empty frames beside code. */
const gutter = /^[\s\d]*$/;

/** Turns a tree into blocks: inline text gathers into a paragraph, which every block element ends. */
export class HtmlWalker {
  readonly #builder: DocumentBuilder;
  #inline = '';
  #kind: ProseKind = 'paragraph';
  #readsBoldHeadings = false;
  #bold = false;
  /** Whether the open paragraph has text that is not bold. */
  #hasPlain = false;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  /** Walks a whole tree; its depth is bounded by `maximumDepth`. */
  walk(root: HtmlElement): void {
    this.#readsBoldHeadings = hasNoHeadings(root);
    this.#children(root);
    this.#flush();
  }

  #flush(): void {
    const level = this.#readsBoldHeadings && !this.#hasPlain && this.#kind === 'paragraph' ? boldHeadingLevel(this.#inline) : undefined;
    if (level !== undefined) this.#builder.add('heading', this.#inline, { level });
    else if (!/^\s*-?\s*$/.test(this.#inline)) this.#builder.add(this.#kind, this.#inline);
    this.#inline = '';
    this.#hasPlain = false;
  }

  #children(element: HtmlElement): void {
    const around = this.#bold;
    this.#bold = isBold(element, around);
    for (const child of element.children) this.#node(child);
    this.#bold = around;
  }

  #node(node: HtmlNode): void {
    if (!isElement(node) || !blockElements.has(node.name)) {
      this.#inlineNode(node);
      return;
    }
    this.#flush();
    this.#block(node);
    this.#flush();
  }

  #inlineNode(node: HtmlNode): void {
    if (isElement(node) && !['br', 'img', 'math', 'q'].includes(node.name)) this.#children(node);
    else {
      const text = inlineTextOf(node);
      this.#inline += text;
      this.#hasPlain ||= !this.#bold && /[\p{L}\p{N}]/u.test(text);
    }
  }

  #block(element: HtmlElement): void {
    if (headingElements.has(element.name)) this.#heading(element);
    else if (codeElements.has(element.name)) this.#code(element);
    else if (element.name === 'table') this.#table(element);
    else if (listElements.has(element.name)) this.#list(element);
    else if (element.name === 'blockquote') this.#within('quote', () => { this.#children(element); });
    else this.#children(element);
  }

  #heading(element: HtmlElement): void {
    const text = inlineTextOf(element).replace(/\s*[¶#§🔗]\s*$/u, '');
    // A page put into a heading by mistake is not a heading.
    if (text.length > 500) this.#children(element);
    else this.#builder.add('heading', text, { level: Number(element.name.slice(1)) });
  }

  #code(element: HtmlElement): void {
    const text = textOf(element);
    if (!gutter.test(text)) this.#builder.add('code', text);
  }

  #table(element: HtmlElement): void {
    const table = readTable(element);
    if (table.caption !== '') this.#builder.add('paragraph', table.caption);
    if (table.kind === 'table') this.#builder.add('table', table.text);
    else if (table.kind === 'list') this.#builder.add('list', table.text);
    else if (table.kind === 'rows') for (const row of table.rows) this.#builder.add(this.#kind, row);
    else this.#children(element);
  }

  #list(element: HtmlElement): void {
    if (!isComplexList(element)) {
      this.#builder.add('list', listLines(element).join('\n'));
      return;
    }
    this.#within('list', () => {
      for (const child of element.children) {
        if (isElement(child)) {
          this.#flush();
          if (child.name === 'li') this.#inline = '- ';
        }
        if (isElement(child) && child.name === 'li') this.#children(child);
        else this.#node(child);
      }
    });
  }

  #within(kind: ProseKind, walk: () => void): void {
    const outer = this.#kind;
    this.#kind = kind;
    walk();
    this.#flush();
    this.#kind = outer;
  }
}
