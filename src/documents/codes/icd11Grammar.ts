import { icd11 } from '../../contracts/codes/icd11.ts';
import type { CodeGrammar, WrittenCode } from './codeGrammar.ts';

const stem = String.raw`[1-9A-HJ-NP-SV][A-HJ-NP-Z]\d[\dA-HJ-NP-Z](?:\.[\dA-HJ-NP-Z]{1,2})?`;
const extension = String.raw`X[A-HJ-NP-Z][\dA-HJ-NP-Z]{2,4}`;
const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}_.@#$=-])(?:${stem}|${extension})(?![\p{L}\p{N}_])(?!\.[\p{L}\p{N}])`, 'gu');
const widestRange = 20;

/** Part numbers and rooms look like these codes, so that even one with a dot needs a document that names ICD-11; clusters (`5A11&XS25`) are read code by code. */
export const icd11Grammar: CodeGrammar = {
  revision: '11',
  pattern,
  read(match, text): WrittenCode | undefined {
    const code = icd11.canonical(match[0]);
    if (code === undefined) return undefined;
    if (code.startsWith('X')) return text[match.index - 1] === '&' ? { code, needs: 'attached' } : undefined;
    const end = match.index + match[0].length;
    return { code, needs: code.includes('.') || /^&X[A-Z]/.test(text.slice(end, end + 3)) ? 'document' : 'context' };
  },
  between(first, last) {
    const stems = (icd11.wanted(`${first}-${last}`) ?? []).slice(1, -1);
    return stems.length <= widestRange ? stems : [];
  },
};
