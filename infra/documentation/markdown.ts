/** The first lines of a page that is made, so that nobody mends it by hand. */
export function madePage(title: string, source: string, ...parts: readonly string[]): string {
  const notice = `<!-- Made from ${source} by \`npm run docs\`. Do not edit: a test compares it with the code. -->`;
  return `${[`# ${title}`, notice, ...parts].join('\n\n')}\n`;
}

/** A Markdown table; cells may hold Markdown, and no line breaks. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cellText).join(' | ')} |`;
  return [line(heading), `|${'---|'.repeat(heading.length)}`, ...rows.map(line)].join('\n');
}

export const codeText = (text: string): string => `\`${text}\``;

export function codeBlock(text: string, language = 'text'): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function cellText(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
