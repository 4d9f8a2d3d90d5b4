import type { Nodes } from 'mdast';

/** Text of a node and all below without marks: links and pictures give their texts, `br` a line end. */
export function plainTextOf(node: Nodes): string {
  switch (node.type) {
    case 'text':
    case 'inlineCode':
    case 'code':
      return node.value;
    case 'break':
      return '\n';
    case 'image':
    case 'imageReference':
      return node.alt ?? '';
    case 'html':
      return /^<br\b/i.test(node.value) ? '\n' : '';
    case 'footnoteReference':
      return ` [${node.identifier}]`;
    default:
      return 'children' in node ? node.children.map(plainTextOf).join('') : '';
  }
}
