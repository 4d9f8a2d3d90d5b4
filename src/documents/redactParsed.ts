import type { PersonalDataKind } from '../contracts/personalData.ts';
import { redact, redactText } from '../privacy/redact.ts';
import type { Mark } from '../privacy/redact.ts';
import type { ParsedText } from '../contracts/parsed.ts';

/** Version of what redaction makes of the same text. */
export const redactionVersion = '1';

/** The document without personal data of these kinds: its text, the places of its blocks, its title. */
export function redactParsed<Parsed extends ParsedText>(parsed: Parsed, kinds: readonly PersonalDataKind[], markFor?: Mark): Parsed {
  const title = parsed.title === undefined ? {} : { title: redactText(parsed.title, kinds, markFor) };
  const redacted = redact(parsed.text, kinds, markFor);
  if (redacted === undefined) return { ...parsed, ...title };
  const { text, moved } = redacted;
  return { ...parsed, ...title, text, blocks: parsed.blocks.map((block) => ({ ...block, start: moved(block.start), end: moved(block.end) })) };
}
