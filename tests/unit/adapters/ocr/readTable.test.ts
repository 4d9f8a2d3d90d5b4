import { describe, expect, it } from 'vitest';
import { readTable } from '../../../../src/adapters/ocr/readTable.ts';

const header = 'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext';

describe('the table that Tesseract prints', () => {
  it('gives words with their places, and a number for each line', () => {
    const rows = ['1\t1\t0\t0\t0\t0\t0\t0\t900\t900\t-1\t', '5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tOne', '5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t91\ttwo', '5\t1\t1\t1\t2\t1\t10\t70\t30\t40\t88\tthree', '5\t1\t2\t1\t1\t1\t10\t170\t30\t40\t88\tfour'];
    expect(readTable([header, ...rows, ''].join('\n'))).toEqual([
      { text: 'One', left: 10, top: 20, width: 30, height: 40, block: 1, line: 1 },
      { text: 'two', left: 50, top: 20, width: 30, height: 40, block: 1, line: 1 },
      { text: 'three', left: 10, top: 70, width: 30, height: 40, block: 1, line: 2 },
      { text: 'four', left: 10, top: 170, width: 30, height: 40, block: 2, line: 3 },
    ]);
  });

  it('leaves out blanks and what is hardly seen', () => {
    expect(readTable([header, '5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t95\t ', '5\t1\t1\t1\t1\t2\t10\t20\t30\t40\t12.3\t|~', '5\t1\t1\t1\t1\t3\t10\t20\t30\t40\t60\tword'].join('\n')).map(({ text }) => text)).toEqual(['word']);
  });
});
