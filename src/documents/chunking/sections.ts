import type { Block, ParsedText } from '../../contracts/parsed.ts';

/** Consecutive blocks under one heading path, the headings themselves included. */
export interface Section {
  readonly path: readonly string[];
  readonly blocks: readonly Block[];
}

interface OpenHeading {
  readonly level: number;
  readonly text: string;
}

/** Splits at headings. A heading without text of its own stays with the first section below it. */
export function readSections(parsed: Pick<ParsedText, 'text' | 'blocks'>): Section[] {
  const sections: Section[] = [];
  const open: OpenHeading[] = [];
  let blocks: Block[] = [];
  let path: string[] = [];
  const close = (): void => {
    if (blocks.length > 0) sections.push({ path, blocks });
    blocks = [];
  };
  for (const block of parsed.blocks) {
    if (block.kind === 'heading') {
      const level = block.level ?? 1;
      const above = open.at(-1);
      const goesDeeper = above !== undefined && level > above.level;
      if (!goesDeeper || blocks.some(({ kind }) => kind !== 'heading')) close();
      while ((open.at(-1)?.level ?? 0) >= level) open.pop();
      open.push({ level, text: parsed.text.slice(block.start, block.end).replace(/\s+/g, ' ') });
      path = open.map(({ text }) => text);
    }
    blocks.push(block);
  }
  close();
  return sections;
}
