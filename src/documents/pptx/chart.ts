import { descendantsOf, find, textIn } from '../ooxml/xmlTree.ts';
import type { XmlElement } from '../ooxml/xmlTree.ts';
import type { BlockSink } from '../tables/boundedText.ts';
import { RowGroups } from '../tables/rowGroups.ts';
import { inlineText } from '../text/normalise.ts';

/** Points of a series that the file keeps beside the workbook they came from, by their place. */
function pointsOf(holder: XmlElement | undefined): Map<number, string> {
  if (holder === undefined) return new Map();
  return new Map([...descendantsOf(holder, 'pt')].map((point) => [Number(point.attributes['idx'] ?? 0), inlineText(textIn(find(point, 'v') ?? point))]));
}

function titleOf(chart: XmlElement): string {
  const title = find(chart, 'chart', 'title') ?? find(chart, 'title');
  return title === undefined ? '' : inlineText([...descendantsOf(title, 't')].map(textIn).join(''));
}

/** Writes a chart as what it shows: its title, and its series as columns of a table. */
export function writeChart(sink: BlockSink, chart: XmlElement, page: number): void {
  const title = titleOf(chart);
  if (title !== '') sink.add('paragraph', title, { page });
  const series = [...descendantsOf(chart, 'ser')];
  const names = series.map((one, index) => inlineText([...(find(one, 'tx') === undefined ? [] : descendantsOf(find(one, 'tx') ?? one, 'v'))].map(textIn).join(' ')) || `Series ${index + 1}`);
  const values = series.map((one) => pointsOf(find(one, 'val') ?? find(one, 'yVal')));
  const categories = new Map(series.flatMap((one) => [...pointsOf(find(one, 'cat') ?? find(one, 'xVal'))]));
  const places = [...new Set([...categories.keys(), ...values.flatMap((points) => [...points.keys()])])].sort((left, right) => left - right);
  if (places.length === 0) return;
  const groups = new RowGroups(sink, new Map(names.map((name, index) => [index + 1, name])), [0], { page });
  for (const place of places) {
    const texts = [categories.get(place) ?? '', ...values.map((points) => points.get(place) ?? '')];
    groups.add(texts.flatMap((text, column) => (text === '' ? [] : [{ column, text, isNumber: column > 0 }])));
  }
  groups.end();
}
