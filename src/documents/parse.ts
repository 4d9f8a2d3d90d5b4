import { CatalystError } from '../contracts/errors.ts';
import type { ParsedFile, ParseHints } from '../ports/documentParser.ts';
import { detectDocument } from './detect/detect.ts';
import type { Detected } from './detect/detect.ts';
import type { ParseTools } from './parseTools.ts';

/** Version of what parsing makes of the same bytes. Raise it whenever the output changes: stored texts are then made anew. */
export const parserVersion = '5';

type Parsed = Omit<ParsedFile, 'mediaType' | 'lostPages' | 'attachments'> & Partial<Pick<ParsedFile, 'lostPages' | 'attachments'>>;

/** Parsers are loaded when their type first comes along: each brings a large library. */
async function parseDetected(detected: Detected, bytes: Uint8Array, tools: ParseTools): Promise<Parsed> {
  switch (detected.mediaType) {
    case 'text/html':
      return (await import('./html/parseHtml.ts')).parseHtmlPage(detected.text);
    case 'text/markdown':
      return (await import('./markdown/parseMarkdown.ts')).parseMarkdown(detected.text);
    case 'text/plain':
      return (await import('./plain/parsePlainText.ts')).parsePlainText(detected.text);
    case 'application/pdf':
      return (await import('./pdf/parsePdf.ts')).parsePdf(bytes, tools);
    case 'application/epub+zip':
      return (await import('./epub/parseEpub.ts')).parseEpub(bytes);
    case 'message/rfc822':
      return (await import('./email/parseEmail.ts')).parseEmail(bytes);
    default:
      return (await import('./docx/parseDocx.ts')).parseDocx(bytes);
  }
}

function named(thrown: unknown): unknown {
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) {
    return new CatalystError('PARSE_LIMIT_EXCEEDED', 'The document is nested too deeply to be read.', { cause: thrown });
  }
  return thrown;
}

/**
 * Parses a document of any supported type into one normalised text with its structure.
 * Throws EMPTY_DOCUMENT, CORRUPT_DOCUMENT, PASSWORD_PROTECTED, UNSUPPORTED_TYPE, NO_TEXT_LAYER, PARSE_LIMIT_EXCEEDED.
 */
export async function parseDocument(bytes: Uint8Array, hints: ParseHints, tools: ParseTools = {}): Promise<ParsedFile> {
  const detected = await detectDocument(bytes, hints);
  const parsed = await parseDetected(detected, bytes, tools).catch((thrown: unknown) => {
    throw named(thrown);
  });
  if (parsed.text === '') throw new CatalystError('EMPTY_DOCUMENT', 'The document holds no text.');
  return { ...parsed, mediaType: detected.mediaType, lostPages: parsed.lostPages ?? [], attachments: parsed.attachments ?? [] };
}
