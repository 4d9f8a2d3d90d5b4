import type { List, ListItem, Nodes, Table } from 'mdast';
import type { Block } from '../../contracts/parsed.ts';
import { readTree } from '../html/readTree.ts';
import { HtmlWalker } from '../html/walk.ts';
import type { DocumentBuilder } from '../text/documentBuilder.ts';
import { inlineText } from '../text/normalise.ts';
import { cleanCells, pipeTable } from '../text/pipeTable.ts';
import { plainTextOf } from './plainText.ts';

type ProseKind = Extract<Block['kind'], 'paragraph' | 'quote' | 'list'>;

const simpleItemParts: ReadonlySet<string> = new Set(['paragraph', 'list', 'html']);

function isSimple(list: List): boolean {
  return list.children.every((item) => item.children.every((child) => simpleItemParts.has(child.type) && (child.type !== 'list' || isSimple(child))));
}

function markOf(list: List, item: ListItem, index: number): string {
  const task = item.checked === true ? '[x] ' : item.checked === false ? '[ ] ' : '';
  return (list.ordered === true ? `${(list.start ?? 1) + index}. ` : '- ') + task;
}

function listLines(list: List, indent: string): string[] {
  return list.children.flatMap((item, index) => {
    const mark = markOf(list, item, index);
    let isFirst = true;
    return item.children.flatMap((child) => {
      if (child.type === 'list') return listLines(child, `${indent}  `);
      const text = inlineText(plainTextOf(child));
      if (text === '') return [];
      const line = indent + (isFirst ? mark : '  ') + text;
      isFirst = false;
      return [line];
    });
  });
}

/** A soft line end is a space; only a break ends the line. */
function proseOf(node: Nodes): string {
  return 'children' in node ? node.children.map((child) => (child.type === 'text' ? child.value.replace(/\s*\n\s*/g, ' ') : child.type === 'break' || !('children' in child) ? plainTextOf(child) : proseOf(child))).join('') : plainTextOf(node);
}

/** Turns a Markdown tree into blocks. */
export class MarkdownWalker {
  readonly #builder: DocumentBuilder;

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  walk(root: Nodes): void {
    this.#children(root, 'paragraph');
  }

  #children(node: Nodes, kind: ProseKind): void {
    if (!('children' in node)) return;
    for (const child of node.children) this.#node(child, kind);
  }

  #node(node: Nodes, kind: ProseKind): void {
    switch (node.type) {
      case 'heading':
        this.#builder.add('heading', plainTextOf(node), { level: node.depth });
        break;
      case 'code':
        this.#builder.add('code', node.value);
        break;
      case 'paragraph':
        this.#builder.add(kind, proseOf(node));
        break;
      case 'blockquote':
        this.#children(node, 'quote');
        break;
      case 'list':
        this.#list(node);
        break;
      case 'table':
        this.#table(node);
        break;
      case 'html':
        this.#html(node.value);
        break;
      case 'footnoteDefinition':
        this.#builder.add(kind, `[${node.identifier}] ${inlineText(node.children.map(plainTextOf).join(' '))}`);
        break;
      default:
        this.#children(node, kind);
    }
  }

  #html(source: string): void {
    const { body, concealed } = readTree(source);
    this.#builder.concealment.add(concealed);
    new HtmlWalker(this.#builder).walk(body);
  }

  #list(list: List): void {
    if (isSimple(list)) {
      this.#builder.add('list', listLines(list, '').join('\n'));
      return;
    }
    // Items with code or tables: these are blocks of their own, with the text of the items between them.
    list.children.forEach((item, index) => {
      item.children.forEach((child, part) => {
        if (part === 0 && child.type === 'paragraph') this.#builder.add('list', markOf(list, item, index) + proseOf(child));
        else this.#node(child, 'list');
      });
    });
  }

  #table(table: Table): void {
    this.#builder.add('table', pipeTable(cleanCells(table.children.map((row) => row.children.map(plainTextOf)))));
  }
}
