import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/documents/parse.ts';
import { pptx, shape } from './officeFiles.ts';
import type { ShapeOptions } from './officeFiles.ts';
import { blocksOf, failureOf, noHints } from './parsing.ts';

const title = (text: string, options: ShapeOptions = {}): string => shape([text], { placeholder: 'type="title"', ...options });
const frame = (data: string): string => `<p:graphicFrame><a:graphic><a:graphicData>${data}</a:graphicData></a:graphic></p:graphicFrame>`;
const cell = (text: string, attributes = ''): string => `<a:tc ${attributes}><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
const plain = (...texts: string[]): string => shape(texts);

describe('PPTX', () => {
  it('becomes a page a slide, with titles, lists and notes; hidden slides are slides', async () => {
    const parsed = await parseDocument(pptx([
      { shapes: `${title('Our plan')}${shape(['One', ['<a:pPr lvl="1"/>', 'Deeper'], 'Two'], { placeholder: 'idx="1"' })}${shape(['7'], { placeholder: 'type="sldNum"' })}`, notes: shape(['Speak slowly.'], { placeholder: 'type="body" idx="1"' }) },
      { shapes: plain('Without a title'), attributes: 'show="0"' },
    ]), noHints);
    expect(parsed).toMatchObject({ title: 'Our plan', pageCount: 2, lostPages: [], mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation' });
    expect(blocksOf(parsed)).toEqual([
      ['heading1', 'Our plan'], ['list', '- One\n  - Deeper\n- Two'], ['heading2', 'Notes'], ['paragraph', 'Speak slowly.'],
      ['heading1', 'Slide 2'], ['paragraph', 'Without a title'],
    ]);
    expect(parsed.blocks.map(({ page }) => page)).toEqual([1, 1, 1, 1, 2, 2]);
  });

  it('numbers lists, and takes bullets away where the slide does', async () => {
    const number = '<a:pPr><a:buAutoNum type="arabicPeriod" startAt="3"/></a:pPr>';
    const parsed = await parseDocument(pptx([{ shapes: shape([['<a:pPr><a:buNone/></a:pPr>', 'Intro'], [number, 'a'], [number, 'b'], ['<a:pPr><a:buChar char="•"/></a:pPr>', 'c']]) }]), noHints);
    expect(blocksOf(parsed).slice(1)).toEqual([['paragraph', 'Intro'], ['list', '3. a\n4. b\n- c']]);
  });

  it('is read column by column, each from top to bottom, whatever the order of the file', async () => {
    const at = (text: string, left: number, top: number): string => shape([text], { box: [left, top, 400, 90] });
    const shapes = [at('right 2', 600, 400), at('left 1', 0, 200), at('right 1', 600, 200), at('left 2', 0, 400), title('T', { box: [0, 0, 1000, 100] }), at('below', 0, 600).replace('cx="400"', 'cx="1000"')].join('');
    expect(blocksOf(await parseDocument(pptx([{ shapes }]), noHints)).map(([, text]) => text)).toEqual(['T', 'left 1', 'left 2', 'right 1', 'right 2', 'below']);
  });

  it('reads tables with merged cells, charts and diagrams', async () => {
    const table = `<a:tbl><a:tblPr firstRow="1"/><a:tr>${cell('Region')}${cell('Units')}</a:tr><a:tr>${cell('North', 'rowSpan="2"')}${cell('5')}</a:tr><a:tr>${cell('', 'vMerge="1"')}${cell('6')}</a:tr></a:tbl>`;
    const points = (...values: string[]): string => values.map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join('');
    const chart = Buffer.from(`<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><c:tx><a:t>Growth</a:t></c:tx></c:title><c:plotArea><c:ser><c:tx><c:v>Sales</c:v></c:tx><c:cat>${points('2022', '2023')}</c:cat><c:val>${points('1.5', '2')}</c:val></c:ser></c:plotArea></c:chart></c:chartSpace>`);
    const diagram = Buffer.from('<d:dataModel xmlns:d="d" xmlns:a="a"><d:ptLst><d:pt><d:t><a:p><a:r><a:t>First step</a:t></a:r></a:p></d:t></d:pt><d:pt/></d:ptLst></d:dataModel>');
    const slide = { shapes: `${frame(table)}${frame('<c:chart r:id="c1"/>')}${frame('<d:relIds xmlns:d="d" r:dm="d1"/>')}`, relationships: [['c1', 'chart', '../charts/chart1.xml'], ['d1', 'diagramData', '../diagrams/data1.xml']] as const };
    expect(blocksOf(await parseDocument(pptx([slide], { 'ppt/charts/chart1.xml': chart, 'ppt/diagrams/data1.xml': diagram }), noHints)).slice(1)).toEqual([
      ['table', '| Region | Units |\n| --- | --- |\n| North | 5 |\n| North | 6 |'],
      ['paragraph', 'Growth'], ['table', '| | Sales |\n| --- | --- |\n| 2022 | 1.5 |\n| 2023 | 2 |'],
      ['paragraph', 'First step'],
    ]);
  });

  it('loses a broken slide, not the file', async () => {
    const parsed = await parseDocument(pptx([{ shapes: plain('Good') }, { shapes: '<p:sp>' }, { shapes: plain('Fine') }]), noHints);
    expect(parsed.lostPages).toMatchObject([{ page: 2, failure: { code: 'CORRUPT_DOCUMENT', message: 'Slide 2 is damaged and was left out.' } }]);
    expect(blocksOf(parsed)).toEqual([['heading1', 'Slide 1'], ['paragraph', 'Good'], ['heading1', 'Slide 3'], ['paragraph', 'Fine']]);
    expect((await failureOf(pptx([{ shapes: '<p:sp>' }]))).message).toBe('No slide of the presentation can be read.');
  });

  it('loses a slide that defines entities, so that they cannot grow', async () => {
    const bomb = Buffer.from(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(1000)}">]><sld><cSld><spTree><sp><txBody><p><r><t>&b;</t></r></p></txBody></sp></spTree></cSld></sld>`);
    const parsed = await parseDocument(pptx([{ shapes: plain('Good') }, { shapes: '' }], { 'ppt/slides/slide2.xml': bomb }), noHints);
    expect(parsed.text).toBe('Slide 1\n\nGood');
    expect(parsed.lostPages.map(({ page }) => page)).toEqual([2]);
  });

  it('is refused when it is empty, cut off, nested without end or without content', async () => {
    expect((await failureOf(pptx([{ shapes: '' }]))).code).toBe('EMPTY_DOCUMENT');
    expect((await failureOf(pptx([]))).code).toBe('EMPTY_DOCUMENT');
    const whole = pptx([{ shapes: plain('x') }]);
    expect((await failureOf(whole.subarray(0, whole.length - 40), { fileName: 'a.pptx' })).code).toBe('CORRUPT_DOCUMENT');
    expect((await failureOf(pptx([{ shapes: '<p:grpSp>'.repeat(20_000) + '</p:grpSp>'.repeat(20_000) }]))).code).toBe('PARSE_LIMIT_EXCEEDED');
    expect((await failureOf(zipSync({ 'ppt/presentation.xml': Buffer.from('') }))).code).toBe('CORRUPT_DOCUMENT');
  });
});
