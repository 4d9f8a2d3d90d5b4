import { CatalystError } from '../contracts/errors.ts';
import type { ParsedFile, ParseHints } from '../ports/documentParser.ts';
import { detectDocument } from './detect/detect.ts';
import type { Detected } from './detect/detect.ts';
import { jsonLinesMediaType, pptxMediaType, xlsxMediaType } from './detect/mediaTypes.ts';
import type { ParseTools } from './parseTools.ts';
import { Concealment } from './risk/concealment.ts';

/** Version of what parsing makes of the same bytes. Raise it whenever the output changes: stored texts are then made anew. */
export const parserVersion = '7';

type Parsed = Omit<ParsedFile, 'mediaType' | 'lostPages' | 'attachments'> & Partial<Pick<ParsedFile, 'lostPages' | 'attachments'>>;

/** Parsers are loaded when their type first comes along: each brings a large library. */
async function parseDetected(detected: Detected, bytes: Uint8Array, fileName: string | undefined, tools: ParseTools): Promise<Parsed> {
  if ('sourceLanguage' in detected) return (await import('./code/parseCode.ts')).parseCode(detected.text, fileName);
  switch (detected.mediaType) {
    case 'text/html':
      return (await import('./html/parseHtml.ts')).parseHtmlPage(detected.text);
    case 'text/markdown':
      return (await import('./markdown/parseMarkdown.ts')).parseMarkdown(detected.text);
    case 'text/plain':
      return (await import('./plain/parsePlainText.ts')).parsePlainText(detected.text);
    case 'text/csv':
      return (await import('./csv/parseCsv.ts')).parseCsv(detected.text);
    case 'text/tab-separated-values':
      return (await import('./csv/parseCsv.ts')).parseCsv(detected.text, '\t');
    case 'application/json':
      return (await import('./json/parseJson.ts')).parseJson(detected.text);
    case jsonLinesMediaType:
      return (await import('./json/parseJsonLines.ts')).parseJsonLines(detected.text);
    case pptxMediaType:
      return (await import('./pptx/parsePptx.ts')).parsePptx(bytes);
    case xlsxMediaType:
      return (await import('./spreadsheet/parseWorkbook.ts')).parseWorkbook(bytes);
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

/** Source code is in no language of people; of other texts the language is told where they do not say it. */
async function withLanguage(parsed: Parsed, detected: Detected): Promise<Parsed> {
  if ('sourceLanguage' in detected) return parsed;
  const { languageOf } = await import('../language/detectLanguage.ts');
  const language = languageOf(parsed.text, parsed.language);
  return language === undefined ? parsed : { ...parsed, language };
}

/** Characters that are not shown are gone from most texts before the blocks are made of them. */
function withUnseen(parsed: Parsed, detected: Detected): Parsed {
  if (!('text' in detected)) return parsed;
  const concealment = new Concealment();
  concealment.look(detected.text);
  concealment.add(parsed.concealed ?? []);
  const { kinds } = concealment;
  return kinds.length === 0 ? parsed : { ...parsed, concealed: kinds };
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
  const parsed = await parseDetected(detected, bytes, hints.fileName, tools).catch((thrown: unknown) => {
    throw named(thrown);
  });
  if (parsed.text === '') throw new CatalystError('EMPTY_DOCUMENT', 'The document holds no text.');
  return { ...withUnseen(await withLanguage(parsed, detected), detected), mediaType: detected.mediaType, lostPages: parsed.lostPages ?? [], attachments: parsed.attachments ?? [] };
}
