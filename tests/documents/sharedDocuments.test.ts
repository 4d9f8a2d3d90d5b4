import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../src/adapters/embedding/tokenizer.ts';
import { modelDirectory } from '../contract/embedding/modelDirectory.ts';
import { areThere, chunkingSettings, outcomeOf, parseShared, renderTable, sharedDocuments } from './sharedDocuments.ts';

describe.skipIf(!areThere)(`shared documents${areThere ? '' : ' (skipped: ../shared/documents is not beside the checkout)'}`, () => {
  it('give what was approved, each as one text in order', async () => {
    const tokenizer = createTokenizer(await modelDirectory());
    const rows: (readonly string[])[] = [];
    for (const document of sharedDocuments()) {
      const { row, parsed, largestChunk } = await outcomeOf(document, tokenizer);
      rows.push(row);
      expect(largestChunk, document.file).toBeLessThanOrEqual(chunkingSettings.maximumTokens);
      if (parsed === undefined) continue;
      expect(parsed.text, document.file).toBe(parsed.text.normalize('NFC'));
      let end = 0;
      for (const block of parsed.blocks) {
        expect(block.start, document.file).toBeGreaterThanOrEqual(end);
        expect(parsed.text.slice(block.start, block.end).trim(), document.file).not.toBe('');
        end = block.end;
      }
    }
    await expect(renderTable(rows)).toMatchFileSnapshot('./sharedDocuments.snapshot.md');
  }, 600_000);

  it.each([
    // Columns in reading order: the sentence goes from the foot of one to the head of the next.
    ['pdf/compressed.tracemonkey-pldi-09.pdf', 'the system starts running JavaScript in a fast-starting bytecode interpreter'],
    ['pdf/korean-text-with-tables.pdf', '적립한도 없이 커피전문점·제과점·편의점 2% 빅포인트 적립'],
    // Cells of several lines.
    ['pdf/korean-text-with-tables.pdf', '| 온라인쇼핑몰 | 삼성카드 쇼핑, G마켓, 옥션, 11번가, 인터파크, 쿠팡, 티몬, 위메프 |'],
    ['pdf/korean-text-with-tables.pdf', '| 커피전문점 | 스타벅스, 투썸플레이스, 카페베네, 탐앤탐스, 커피빈, 엔제리너스, 할리스커피, 파스쿠찌, 아티제, 폴 바셋 |'],
    ['pdf/redp5110_sampled.pdf', '| USER_TYPE | VARCHAR(5) | Type of user profile: • USER: The user profile is a user. • GROUP: The user profile is a group. |'],
    // Bullets of a font that does not say what it draws.
    ['pdf/redp5110_sampled.pdf', '- Security fundamentals\n- Current state of IBM i security\n- DB2 for i security controls'],
    // Logical order, ligatures and words of the other direction.
    ['pdf/right_to_left_01.pdf', 'تحسين الإنتاجية وحل المشكلات من خلال البرمجة بلغة R و Python'],
    ['pdf/right_to_left_01.pdf', 'قرارات أكثر دقة بناءً على استنتاجات قائمة على البيانات'],
    ['pdf/testPDF_rotated.pdf', 'Apache Tika is a toolkit for detecting and extracting metadata and structured text content'],
    ['pdf/copy-protected.pdf', 'Recent advances in document image analysis (DIA) have been primarily driven by'],
    ['html/example-10k.html', '| Cash and cash equivalents | $16,058,714 | $5,993,388 |'],
    ['html/fake-html-cp1252.html', 'Der Preis betrug 15,50 €.'],
    ['html/example-steelJIS-datasheet-utf-16.html', 'Chemical composition 成分 % of grade SNB22-3'],
    ['html/big-preamble.html', 'Агентство недвижимости'],
    ['docx/word_sample.docx', '| Leaves | Ash, Elm, Maple | 50 |'],
    ['epub/winter-sports.epub', '| II. | Rinks and Skaters | 23 |'],
    ['eml/email-no-utf8-2008-07-16.062410.eml', 'סלבה היקר,\n\nאני חושב שזה לא יהיה מקצועי והוגן'],
    ['eml/fake-email-attachment.eml', 'Attachments: fake-attachment.txt'],
  ])('read well: %s', async (path, passage) => {
    const [kind = '', file = ''] = path.split('/');
    expect((await parseShared({ kind, file })).text).toContain(passage);
  }, 120_000);
});
