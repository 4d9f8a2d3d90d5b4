import { CatalystError } from '../../contracts/errors.ts';
import type { TextRecogniser } from '../../ports/textRecogniser.ts';
import { readTable } from './readTable.ts';
import { runProgram } from './runProgram.ts';

export interface TesseractOptions {
  /** Name or path of the program. */
  readonly program: string;
  /** Names of trained languages, such as "eng" or "deu+eng"; the first is tried first. */
  readonly languages: string;
  readonly mostPages: number;
  readonly pageTimeoutSeconds: number;
}

const startTimeoutMs = 10_000;

function unusable(problem: string, cause?: unknown): CatalystError {
  return new CatalystError('CONFIGURATION_INVALID', `CATALYST_OCR is "tesseract", but ${problem}`, { cause });
}

async function ask(program: string, option: string): Promise<string> {
  try {
    return await runProgram(program, [option], undefined, AbortSignal.timeout(startTimeoutMs));
  } catch (thrown) {
    throw unusable(`the program "${program}" cannot be run. Install tesseract-ocr, or set CATALYST_OCR_PATH.`, thrown);
  }
}

/**
 * Text recognition by the command-line program Tesseract, a process for each page.
 * Throws CONFIGURATION_INVALID when the program or one of the languages is missing.
 */
export async function createTesseractRecogniser({ program, languages, mostPages, pageTimeoutSeconds }: TesseractOptions): Promise<TextRecogniser> {
  const version = (await ask(program, '--version')).split('\n')[0]?.trim() ?? '';
  const installed = new Set((await ask(program, '--list-langs')).split('\n').map((line) => line.trim()));
  const missing = languages.split('+').filter((language) => !installed.has(language));
  if (missing.length > 0) throw unusable(`it has no data for the language ${missing.join(', ')} (CATALYST_OCR_LANGUAGES); install it, such as tesseract-ocr-${missing[0] ?? ''}.`);
  return {
    settings: `${version} ${languages} ${mostPages} pages`,
    mostPages,
    async recognise(picture, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(pageTimeoutSeconds * 1000)]);
      return readTable(await runProgram(program, ['stdin', 'stdout', '-l', languages, 'tsv'], picture, limit));
    },
  };
}
