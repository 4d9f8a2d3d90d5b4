import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Block } from '../../contracts/parsed.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { inlineText } from '../text/normalise.ts';
import { splitFrontMatter } from './frontMatter.ts';
import { limitNesting } from './limitNesting.ts';
import { MarkdownWalker } from './walkMarkdown.ts';
import { plainTextOf } from './plainText.ts';

/** The heading that names the whole document: the first block, of level one, and the only one of that level. */
function titleHeading(root: Root): string | undefined {
  const headings = root.children.filter((node: Nodes) => node.type === 'heading' && node.depth === 1);
  const [first] = headings;
  return first === undefined || headings.length > 1 ? undefined : inlineText(plainTextOf(first));
}

/** CommonMark with tables, task lists, footnotes and strikethrough of GitHub; links and pictures become their texts. */
export function parseMarkdown(source: string): { title?: string; language?: string; text: string; blocks: Block[] } {
  const { content, title: declaredTitle, language } = splitFrontMatter(source);
  const root = fromMarkdown(limitNesting(content), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const builder = new DocumentBuilder();
  new MarkdownWalker(builder).walk(root);
  const title = declaredTitle ?? titleHeading(root);
  return { ...(title === undefined || title === '' ? {} : { title }), ...(language === undefined ? {} : { language }), ...builder.finish() };
}
