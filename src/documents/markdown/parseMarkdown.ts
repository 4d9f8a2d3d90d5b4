import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Block } from '../../contracts/parsed.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { splitFrontMatter } from './frontMatter.ts';
import { limitNesting } from './limitNesting.ts';
import { MarkdownWalker } from './walkMarkdown.ts';

/** The heading that names the whole document, the only one of level one; in many files it is written as HTML. */
function titleHeading({ text, blocks }: { readonly text: string; readonly blocks: readonly Block[] }): string | undefined {
  const [first, ...others] = blocks.filter(({ kind, level }) => kind === 'heading' && level === 1);
  return first === undefined || others.length > 0 ? undefined : text.slice(first.start, first.end);
}

/** CommonMark with tables, task lists, footnotes and strikethrough of GitHub; links and pictures become their texts. */
export function parseMarkdown(source: string): { title?: string; language?: string; text: string; blocks: Block[] } {
  const { content, title: declaredTitle, language } = splitFrontMatter(source);
  const root = fromMarkdown(limitNesting(content), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const builder = new DocumentBuilder();
  new MarkdownWalker(builder).walk(root);
  const finished = builder.finish();
  const title = declaredTitle ?? titleHeading(finished);
  return { ...(title === undefined || title === '' ? {} : { title }), ...(language === undefined ? {} : { language }), ...finished };
}
