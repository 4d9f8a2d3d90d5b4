import type { SearchResponse } from '../../contracts/search.ts';
import { oneLine } from '../output/terminal.ts';
import type { Style } from '../output/terminal.ts';

/** A line a facet: `tags: handbook 12, policies 3`. */
export function facetText(facets: SearchResponse['facets'], style: Style): string {
  return Object.entries(facets ?? {})
    .map(([name, counts]) => `${style.bold(name)}: ${counts.length === 0 ? 'none' : counts.map(({ value, count }) => `${oneLine(String(value))} ${style.dim(String(count))}`).join(', ')}\n`)
    .join('');
}
