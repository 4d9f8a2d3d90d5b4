import type { Block } from '../../contracts/parsed.ts';
import type { RiskKind } from '../../contracts/risk.ts';
import type { AttachedFile } from '../../ports/documentParser.ts';
import { parseHtmlContent } from '../html/parseHtml.ts';
import { DocumentBuilder } from '../text/documentBuilder.ts';
import { inlineText } from '../text/normalise.ts';
import { attachedFiles } from './attachments.ts';
import { headOf } from './head.ts';
import { addPlainBody } from './plainBody.ts';
import { readMessage } from './readMessage.ts';

export interface ParsedEmail {
  readonly title?: string;
  readonly language?: string;
  readonly text: string;
  readonly blocks: Block[];
  readonly concealed?: RiskKind[];
  readonly attachments: AttachedFile[];
}

function addBody(builder: DocumentBuilder, html: string | undefined, plain: string | undefined): void {
  const rich = html === undefined ? undefined : parseHtmlContent(html);
  builder.concealment.add(rich?.concealed ?? []);
  if (rich === undefined || rich.text === '') {
    addPlainBody(builder, plain ?? '');
    return;
  }
  for (const { kind, start, end, level } of rich.blocks) builder.add(kind, rich.text.slice(start, end), level === undefined ? {} : { level: level + 1 });
}

/**
 * An e-mail message: its subject as heading, who wrote to whom and when, its text (the formatted one where there is one), and the
 * files attached to it. Throws PARSE_LIMIT_EXCEEDED, CORRUPT_DOCUMENT.
 */
export async function parseEmail(bytes: Uint8Array): Promise<ParsedEmail> {
  const message = await readMessage(bytes);
  const attachments = attachedFiles(message);
  const builder = new DocumentBuilder();
  const title = inlineText(message.subject ?? '');
  builder.add('heading', title, { level: 1 });
  builder.add('paragraph', headOf(message, attachments));
  addBody(builder, message.html, message.text);
  const language = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.exec(message.headers.find(({ key }) => key === 'content-language')?.value.trim() ?? '')?.[0];
  return { ...(title === '' ? {} : { title }), ...(language === undefined ? {} : { language }), ...builder.finish(), attachments };
}
