/** Characters of each part that is looked at, and how many parts: the beginning may be a cover, the end an index. */
const partLength = 1500;
const parts = 4;

/** Text from several places of a document, cut between words. */
export function sampleOf(text: string): string {
  if (text.length <= partLength * parts) return text;
  const step = Math.floor((text.length - partLength) / (parts - 1));
  return Array.from({ length: parts }, (_, index) => {
    const part = text.slice(index * step, index * step + partLength);
    return part.slice(part.search(/\s/) + 1, Math.max(part.lastIndexOf(' '), partLength / 2));
  }).join('\n');
}
