import type { RiskKind } from '../../contracts/risk.ts';
import { findSequences } from './findSequences.ts';
import type { PlacedRisk } from './findSequences.ts';

/** Every repetition is bounded, so that the time is in proportion to the text. Each is looked for where its sign stands at all. */
const marks: readonly { readonly kind: RiskKind; readonly sign: string; readonly pattern: RegExp }[] = [
  // How chat models are told who speaks.
  { kind: 'prompt-markup', sign: '<|', pattern: /<\|(?:im_start|im_end|im_sep|system|user|assistant|tool|endoftext|endofprompt|begin_of_text|end_of_text|start_header_id|end_header_id|eot_id|channel|message)\|>/gi },
  { kind: 'prompt-markup', sign: 'INST]', pattern: /\[\/?INST\]/g },
  { kind: 'prompt-markup', sign: 'SYS>>', pattern: /<<\/?SYS>>/g },
  { kind: 'prompt-markup', sign: 'turn>', pattern: /<(?:start|end)_of_turn>/g },
  { kind: 'prompt-markup', sign: '</', pattern: /<\/?(?:system|system_prompt|system-prompt|assistant|user_query|instructions|context|tool_call|tool_result|function_calls|untrusted_content|document_content)>/gi },
  { kind: 'prompt-markup', sign: '###', pattern: /^#{2,5} ?(?:system|system prompt|system message|new instructions?|updated instructions?|instruction|response)s? ?:/gim },
  { kind: 'prompt-markup', sign: '---', pattern: /-{3,12} ?(?:end|begin|start) of (?:the )?(?:system prompt|prompt|user input|context|document|instructions)/gi },
  { kind: 'prompt-markup', sign: 'ystem', pattern: /^ {0,4}"?(?:system|system prompt|system message|system override)"? ?: {0,2}"?(?:you (?:are|must|will|have)|ignore|from now|new|override|the assistant|important|user)/gim },
  // An address that takes along what is put into it: how answers are led out of a chat.
  { kind: 'exfiltration', sign: '](http', pattern: /!\[[^\]\n]{0,200}\]\(https?:\/\/[^\s)]{1,300}[?&/=](?:\{|%7b|\[|\$\{|<)[^\s)]{0,200}/gi },
  // Scripts without spaces.
  { kind: 'instruction-override', sign: '略', pattern: /忽略[^。！？\n]{0,20}(?:指令|指示|提示|规则|規則|命令|内容|內容)/g },
  { kind: 'instruction-override', sign: '视', pattern: /无视[^。！？\n]{0,20}(?:指令|指示|提示|规则|命令)/g },
  { kind: 'instruction-override', sign: '無視', pattern: /(?:指示|命令|指令|プロンプト|ルール)[^。！？\n]{0,10}無視|無視[^。！？\n]{0,20}(?:指示|指令|提示|規則|命令)/g },
  { kind: 'instruction-override', sign: '忘', pattern: /(?:指示|命令|指令|プロンプト)[^。！？\n]{0,10}忘れ|忘(?:记|記|掉)[^。！？\n]{0,20}(?:指令|指示|提示|规则|規則)/g },
  { kind: 'instruction-override', sign: '무시', pattern: /(?:지시|명령|지침|프롬프트|규칙)[^.!?\n]{0,10}무시/g },
  { kind: 'prompt-extraction', sign: '系统提示', pattern: /(?:显示|输出|告诉|重复|打印|透露)[^。！？\n]{0,12}系统提示/g },
];

/** Long enough for an instruction, and no word: base64 or hexadecimal. */
const encoded = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{32,8192}={0,2}(?![A-Za-z0-9+/=_-])/g;
const hexadecimal = /^(?:[0-9a-f]{2})+$/i;
/** Of what it says when it is decoded. */
const readable = /^[\t\n\r -~\u00a0-\u024f‘-”…–—]+$/;

/** What gives an instruction away by its form rather than by its words. Takes time in proportion to the text. */
export function findMarks(text: string): PlacedRisk[] {
  const found: PlacedRisk[] = [];
  for (const { kind, sign, pattern } of marks) {
    if (!text.includes(sign)) continue;
    for (const match of text.matchAll(pattern)) found.push({ kind, start: match.index, end: match.index + match[0].length });
  }
  for (const match of text.matchAll(encoded)) {
    if (saysInstruction(match[0])) found.push({ kind: 'encoded-instruction', start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function saysInstruction(written: string): boolean {
  const decoded = Buffer.from(written, hexadecimal.test(written) ? 'hex' : 'base64').toString('utf8');
  return readable.test(decoded) && findSequences(decoded).length > 0;
}
